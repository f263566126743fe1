import { asDouble } from '../json/exact-json.ts';
import { type FieldSchema, isObject } from './field-schema.ts';
import { UnreadableJson } from './unreadable-json.ts';

/** Where a field is in a value: `/address/city`, `/items/0`. The value itself is at ``. */
export type FieldPath = string;

/** What is wrong with the fields of a form, by their places. */
export type Faults = Readonly<Record<FieldPath, string>>;

/** The value with which an empty form begins: what the schema proposes; nothing where it does not. */
export function standardValue(field: FieldSchema): unknown {
  if (field.standard !== undefined) return field.standard;
  switch (field.type) {
    case 'group': {
      if (!field.isRequired) return undefined;
      const members = Object.entries(field.fields).map(([name, one]) => [name, standardValue(one)]);
      return Object.fromEntries(members.filter(([, value]) => value !== undefined));
    }
    case 'list':
      return field.isRequired || field.least > 0
        ? Array.from({ length: field.least }, () => standardValue(field.item))
        : undefined;
    case 'choice':
      return field.isRequired && field.options.length === 1 ? field.options[0] : undefined;
    case 'text':
    case 'number':
    case 'boolean':
    case 'json':
      return undefined;
  }
}

/**
 * What keeps a value from being sent, by field, in the words of the form. It is not all that the schema
 * asks: the server checks that.
 */
export function faultsOf(field: FieldSchema, value: unknown, path: FieldPath = ''): Faults {
  if (value === undefined || value === null) {
    return field.isRequired && (value === undefined || field.type !== 'json')
      ? { [path]: missing[field.type] }
      : {};
  }
  if (value instanceof UnreadableJson) return { [path]: value.fault };
  switch (field.type) {
    case 'group': {
      if (!isObject(value)) return { [path]: 'This must be a JSON object.' };
      const faults = Object.entries(field.fields).map(([name, one]) =>
        faultsOf(one, Object.hasOwn(value, name) ? value[name] : undefined, memberPath(path, name)),
      );
      return Object.assign({}, ...faults);
    }
    case 'list': {
      if (!Array.isArray(value)) return { [path]: 'This must be a list.' };
      const faults = value.map((one, index) => faultsOf(field.item, one, `${path}/${index}`));
      const few = value.length < field.least && { [path]: `At least ${field.least} are needed.` };
      return Object.assign({}, few, ...faults);
    }
    case 'number':
      return faultOf(path, numberFault(field, value));
    case 'text':
      return faultOf(path, typeof value === 'string' ? undefined : 'This must be a text.');
    case 'boolean':
      return faultOf(path, typeof value === 'boolean' ? undefined : 'Choose yes or no.');
    case 'choice':
      return faultOf(
        path,
        field.options.some((option) => isSame(option, value)) ? undefined : 'Choose one of these.',
      );
    case 'json':
      return {};
  }
}

/** The place of a member of what is at a place. */
export function memberPath(path: FieldPath, name: string | number): FieldPath {
  return `${path}/${name}`;
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

const missing: Readonly<Record<FieldSchema['type'], string>> = {
  text: 'This is needed.',
  number: 'This is needed.',
  boolean: 'Choose yes or no.',
  choice: 'Choose one.',
  list: 'This is needed.',
  group: 'This is needed.',
  json: 'This is needed.',
};

function numberFault(
  { isInteger, limits: { least, most } }: Extract<FieldSchema, { type: 'number' }>,
  given: unknown,
): string | undefined {
  const value = asDouble(given);
  if (typeof value !== 'number') return 'This must be a number.';
  if (isInteger && !Number.isInteger(value)) return 'This must be a whole number.';
  if (least !== undefined && value < least) return `This must be at least ${least}.`;
  if (most !== undefined && value > most) return `This must be at most ${most}.`;
  return undefined;
}

function faultOf(path: FieldPath, fault: string | undefined): Faults {
  return fault === undefined ? {} : { [path]: fault };
}
