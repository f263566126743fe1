import type { AnySchemaObject, ErrorObject } from 'ajv';
import type { Fault } from './errors.ts';

/** The errors of a JSON Schema validator (Ajv). */
export type SchemaErrors = readonly Partial<ErrorObject>[];

/** The most faults that one answer names. */
const mostFaults = 100;

/**
 * Turns the errors of a validator into faults: one for each place.
 *
 * A value that fits no member of a union has errors from every member. Only those of the members
 * that the value could have meant, judging by its type, are kept.
 *
 * @param place the part of the request that was checked (`body`, `query`): every fault's place
 *   begins with it.
 */
export function faultsFromErrors(errors: SchemaErrors, place?: string): readonly Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of withoutStrayMembers(errors)) {
    const loc = [...(place === undefined ? [] : [place]), ...locOf(error)];
    const key = JSON.stringify(loc);
    if (!faults.has(key)) faults.set(key, { loc, ...describe(error) });
    if (faults.size === mostFaults) break;
  }
  return [...faults.values()];
}

function withoutStrayMembers(errors: SchemaErrors): SchemaErrors {
  const dropped = new Set<Partial<ErrorObject>>();
  errors.forEach((union, end) => {
    if (union.keyword !== 'anyOf') return;
    // The errors of a union's members come directly before the error of the union itself.
    let start = end;
    while (start > 0 && isInside(errors[start - 1], union)) start -= 1;
    const inside = errors.slice(start, end);
    const members = Map.groupBy(inside, ({ schemaPath = '' }) =>
      schemaPath.slice(`${union.schemaPath}/`.length).split('/', 1).join(),
    );
    const meant = [...members].filter(
      ([, errors]) => !errors.some((error) => isOfType(error, union.instancePath ?? '')),
    );
    const kept = new Set(nearest(meant, union).flat());
    if (kept.size > 0) dropped.add(union);
    for (const error of inside) if (!kept.has(error)) dropped.add(error);
  });
  return errors.filter((error) => !dropped.has(error));
}

/**
 * The errors of the members that share the most fields with an object; for any other value, the
 * errors of all members.
 *
 * @param meant pairs of a member's number and its errors.
 */
function nearest(
  meant: readonly (readonly [string, SchemaErrors])[],
  { schema, data }: Partial<ErrorObject>,
): readonly SchemaErrors[] {
  const members = schema as readonly AnySchemaObject[] | undefined;
  const fields = Object.keys(typeof data === 'object' && data !== null ? data : {});
  const known = meant.map(([number]) => {
    const properties = members?.[Number(number)]?.['properties'] ?? {};
    return fields.filter((field) => Object.hasOwn(properties, field)).length;
  });
  const most = Math.max(...known);
  return meant.filter((_, index) => known[index] === most).map(([, errors]) => errors);
}

function isInside(error: Partial<ErrorObject> | undefined, union: Partial<ErrorObject>): boolean {
  const { schemaPath = '', instancePath = '' } = error ?? {};
  return (
    schemaPath.startsWith(`${union.schemaPath}/`) &&
    `${instancePath}/`.startsWith(`${union.instancePath}/`)
  );
}

/** Whether an error says that the value itself (not a part of it) has the wrong type. */
function isOfType({ keyword, instancePath }: Partial<ErrorObject>, path: string): boolean {
  return keyword === 'type' && instancePath === path;
}

function locOf({ instancePath = '', keyword, params }: Partial<ErrorObject>): (string | number)[] {
  const loc: (string | number)[] = instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
  if (keyword === 'required') loc.push(String(params?.['missingProperty']));
  if (keyword === 'discriminator') loc.push(String(params?.['tag']));
  if (keyword === 'additionalProperties') loc.push(String(params?.['additionalProperty']));
  return loc;
}

function describe(error: Partial<ErrorObject>): Omit<Fault, 'loc'> {
  const { keyword = '', message = '', params = {}, schema } = error;
  const limit = Number(params['limit']);
  const fault = (msg: string, type = `value_error.${keyword}`) => ({ msg, type });
  switch (keyword) {
    case 'required':
      return fault('Field required', 'missing');
    case 'additionalProperties':
      return fault('Unknown field', 'extra_forbidden');
    case 'enum':
      return fault(`Must be one of: ${listed(params['allowedValues'])}`, 'enum');
    case 'const':
      return fault(`Must be \`${params['allowedValue']}\``, 'const');
    case 'type':
      return fault(`Must be ${typeNames(params['type'])}`, 'type_error');
    case 'anyOf':
      return fault(`Must be ${unionTypes(schema)}`, 'type_error');
    case 'discriminator':
      return params['error'] === 'tag'
        ? fault('Must be a string', 'type_error')
        : fault(`Must be one of: ${listed(discriminatorValues(error))}`, 'enum');
    case 'minimum':
      return fault(`Must be at least ${limit}`);
    case 'maximum':
      return fault(`Must be at most ${limit}`);
    case 'minLength':
      return fault(limit === 1 ? 'Must not be empty' : `Must have at least ${limit} characters`);
    case 'maxLength':
      return fault(`Must have at most ${limit} characters`);
    case 'minItems':
      return fault(`Must have at least ${limit} items`);
    case 'maxItems':
      return fault(`Must have at most ${limit} items`);
    case 'pattern':
      return fault(`Contains characters that are not allowed; must match \`${params['pattern']}\``);
    case 'not':
      return fault(notMessage(schema as AnySchemaObject | undefined) ?? capitalized(message));
    case 'format':
      return fault(formatMessages[params['format']] ?? capitalized(message));
    default:
      return fault(capitalized(message));
  }
}

const formatMessages: Readonly<Record<string, string>> = {
  'date-time': 'Must be a date and a time, such as `2024-05-01T12:00:00Z`',
  'date-or-date-time':
    'Must be a valid date, or date and time: `2024-05-01` or `2024-05-01T12:00:00Z`',
};

/** Why a schema forbids some values: its description, where it lists them. */
function notMessage({ enum: values, description }: AnySchemaObject = {}): string | undefined {
  if (!Array.isArray(values) || !description) return undefined;
  return `Must not be ${listed(values, ' or ')}: ${description}`;
}

function listed(values: unknown, separator = ', '): string {
  const known = Array.isArray(values) ? values.filter((value) => value !== null) : [];
  return known.map((value) => `\`${value}\``).join(separator);
}

function typeNames(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).map(String).filter((name) => name !== 'null');
  return names.map((name) => (/^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`)).join(' or ');
}

/**
 * The types of a union's members, in words. `null` is left out, since clients may omit the field.
 */
function unionTypes(schema: unknown): string {
  const members = (Array.isArray(schema) ? schema : []) as readonly AnySchemaObject[];
  const names = members
    .filter(({ type }) => type !== 'null')
    .map(({ type, enum: values }) => (values ? listed(values) : typeNames(type)));
  return [...new Set(names)].join(', or ');
}

/** The values that the discriminator of a union may have. */
function discriminatorValues({ params, parentSchema }: Partial<ErrorObject>): unknown[] {
  const members = (parentSchema?.['oneOf'] ?? []) as readonly AnySchemaObject[];
  return members.map(({ properties }) => properties?.[String(params?.['tag'])]?.const);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
