import { ApiError } from '../../api/api-error.ts';
import { fieldLabels } from '../spec/field-text.ts';

/** What is wrong with fields, by their places in the spec: `tools.0.json_schema.name`. */
export type Faults = ReadonlyMap<string, string>;

export const noFaults: Faults = new Map();

/** The faults of a refused request. Its body is the spec, or has it as `agent` or `prompt`. */
export function faultsOf(error: unknown): Faults {
  if (!(error instanceof ApiError)) return noFaults;
  return new Map(error.faults.map(({ place, says }) => [placeIn(place), says]));
}

function placeIn([, ...place]: readonly (string | number)[]): string {
  return (place[0] === 'agent' || place[0] === 'prompt' ? place.slice(1) : place).join('.');
}

/** What is wrong with a field, or with something in it. */
export function faultAt(faults: Faults, place: string): string | undefined {
  const exact = faults.get(place);
  if (exact !== undefined) return exact;
  for (const [where, says] of faults) {
    if (where.startsWith(`${place}.`)) return `${where.slice(place.length + 1)}: ${says}`;
  }
  return undefined;
}

/** A place in words: `tools.1.json_schema.name` is "Tools 2, name". */
export function placeText(place: string): string {
  const [field = '', ...rest] = place.split('.');
  const label = (fieldLabels as Readonly<Record<string, string>>)[field] ?? field;
  const number = /^\d+$/.test(rest[0] ?? '') ? ` ${Number(rest.shift()) + 1}` : '';
  const inside = rest.filter((name) => !['json_schema', 'server', 'link'].includes(name));
  return [`${label}${number}`, ...inside].join(', ');
}
