import { Ajv, type ErrorObject, type Options } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { Fault } from '../kernel/errors.ts';

type SchemaErrors = readonly Partial<ErrorObject>[];

/** The most faults that one answer names. */
const mostFaults = 100;

function validator(options: Options): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    strictNumbers: true,
    discriminator: true,
    ...options,
  });
  return addFormats.default(ajv);
}

/** Compiles the schemas of requests. JSON says what type a value has; a query string does not. */
export function validatorCompiler(): FastifySchemaCompiler<unknown> {
  const ofBody = validator({ coerceTypes: false });
  const ofText = validator({ coerceTypes: 'array', useDefaults: true });
  return ({ schema, httpPart }) =>
    (httpPart === 'body' ? ofBody : ofText).compile(schema as object);
}

const parts: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
};

/**
 * What a validator complained of, as faults: one for each place.
 *
 * A value that fits no member of a union is complained of once for each of them. Of those, only the
 * complaints of the members that it could have meant are told, by its type.
 */
export function faultsOf(errors: SchemaErrors, context: string): readonly Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of withoutStrayMembers(errors)) {
    const loc = [parts[context] ?? context, ...locOf(error)];
    const key = JSON.stringify(loc);
    if (!faults.has(key)) faults.set(key, { loc, ...describe(error) });
    if (faults.size === mostFaults) break;
  }
  return [...faults.values()];
}

function withoutStrayMembers(errors: SchemaErrors): SchemaErrors {
  const dropped = new Set<Partial<ErrorObject>>();
  for (const union of errors) {
    if (union.keyword !== 'anyOf') continue;
    const path = `${union.schemaPath}/`;
    const inside = errors.filter(({ schemaPath = '' }) => schemaPath.startsWith(path));
    const members = Map.groupBy(inside, ({ schemaPath = '' }) =>
      schemaPath.slice(path.length).split('/', 1).join(),
    );
    const meant = [...members.values()].filter(
      (member) => !member.some((error) => isOfType(error, union.instancePath ?? '')),
    );
    if (meant.length === 0) {
      for (const error of inside) dropped.add(error);
    } else {
      dropped.add(union);
      for (const error of inside.filter((error) => !meant.some((m) => m.includes(error)))) {
        dropped.add(error);
      }
    }
  }
  return errors.filter((error) => !dropped.has(error));
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
  return loc;
}

function describe({ keyword = '', message = '', params }: Partial<ErrorObject>) {
  switch (keyword) {
    case 'required':
      return { msg: 'Field required', type: 'missing' };
    case 'enum':
      return { msg: `Must be one of: ${listed(params?.['allowedValues'])}`, type: 'enum' };
    case 'const':
      return { msg: `Must be \`${params?.['allowedValue']}\``, type: 'const' };
    case 'type':
      return { msg: `Must be ${typeNames(params?.['type'])}`, type: 'type_error' };
    case 'anyOf':
      return { msg: 'Has none of the types that this field may have', type: 'type_error' };
    case 'discriminator':
      return { msg: 'Is missing, or none of the values that this field may have', type: 'enum' };
    default:
      return { msg: capitalized(message.replaceAll(/["']/g, '`')), type: `value_error.${keyword}` };
  }
}

function listed(values: unknown): string {
  const known = Array.isArray(values) ? values.filter((value) => value !== null) : [];
  return known.map((value) => `\`${value}\``).join(', ');
}

function typeNames(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).map(String).filter((name) => name !== 'null');
  return names.map((name) => (/^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`)).join(' or ');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
