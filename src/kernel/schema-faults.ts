import type { AnySchemaObject, ErrorObject } from 'ajv';
import type { Fault } from './errors.ts';

/** What a validator of JSON Schema complains of. */
export type SchemaErrors = readonly Partial<ErrorObject>[];

/** The most faults that one answer names. */
const mostFaults = 100;

/**
 * What a validator complained of, as faults: one for each place.
 *
 * A value that fits no member of a union is complained of once for each of them. Of those, only the
 * complaints of the members that it could have meant are told, by its type.
 *
 * @param place what every fault's place begins with: the part of the request that was checked.
 */
export function faultsOf(errors: SchemaErrors, place?: string): readonly Fault[] {
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
    // What the members complain of comes right before the complaint of the union.
    let start = end;
    while (start > 0 && isInside(errors[start - 1], union)) start -= 1;
    const inside = errors.slice(start, end);
    const members = Map.groupBy(inside, ({ schemaPath = '' }) =>
      schemaPath.slice(`${union.schemaPath}/`.length).split('/', 1).join(),
    );
    const meant = [...members].filter(
      ([, errors]) => !errors.some((error) => isOfType(error, union.instancePath ?? '')),
    );
    const told = new Set(nearest(meant, union).flat());
    if (told.size > 0) dropped.add(union);
    for (const error of inside) if (!told.has(error)) dropped.add(error);
  });
  return errors.filter((error) => !dropped.has(error));
}

/**
 * Of what members of a union complain of, by the numbers of the members: the complaints of those
 * whose fields an object has the most of. Of a value that is no object, all.
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

/** Whether a complaint is that the value itself has another type altogether. */
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
      return fault('There is no such field here', 'extra_forbidden');
    case 'enum':
      return fault(`Must be one of: ${listed(params['allowedValues'])}`, 'enum');
    case 'const':
      return fault(`Must be \`${params['allowedValue']}\``, 'const');
    case 'type':
      return fault(`Must be ${typeNames(params['type'])}`, 'type_error');
    case 'anyOf':
      return fault(`Must be ${membersOf(schema)}`, 'type_error');
    case 'discriminator':
      return params['error'] === 'tag'
        ? fault('Must be a string', 'type_error')
        : fault(`Must be one of: ${listed(tagsOf(error))}`, 'enum');
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
      return fault(`Has a character that cannot be there; must match \`${params['pattern']}\``);
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
    'Must be a date, or a date and a time, that the calendar has: `2024-05-01` or `2024-05-01T12:00:00Z`',
};

/** Why some values may not be, where the schema that refuses them lists them and says so. */
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

/** What the members of a union are, in words; `null` is not mentioned, being as good as nothing. */
function membersOf(schema: unknown): string {
  const members = (Array.isArray(schema) ? schema : []) as readonly AnySchemaObject[];
  const names = members
    .filter(({ type }) => type !== 'null')
    .map(({ type, enum: values }) => (values ? listed(values) : typeNames(type)));
  return [...new Set(names)].join(', or ');
}

/** The values of the field that tells the members of a union apart. */
function tagsOf({ params, parentSchema }: Partial<ErrorObject>): unknown[] {
  const members = (parentSchema?.['oneOf'] ?? []) as readonly AnySchemaObject[];
  return members.map(({ properties }) => properties?.[String(params?.['tag'])]?.const);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
