import { contentId } from '../../kernel/ids.ts';
import type { Parameter } from './parameters.ts';

/** The part of a body's schema that examples look at. */
export interface BodySchema {
  readonly type?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
}

/** An example of a request that does not fit its schema: the body of the refusal. */
export function exampleFault(
  parameters: readonly Parameter[],
  body: BodySchema | undefined,
): Readonly<Record<string, unknown>> {
  return {
    detail: [faultIn(parameters, body)],
    code: 'invalid',
    request_id: contentId('req', 'refused'),
  };
}

function faultIn(parameters: readonly Parameter[], body: BodySchema | undefined) {
  if (body) return faultInBody(body);
  const needed = parameters.find(({ required, in: place }) => place === 'query' && required);
  if (needed) return missing('query', needed.name);
  if (parameters.some(({ name }) => name === 'page')) {
    return { loc: ['query', 'page'], msg: 'Must be at least 1', type: 'value_error.minimum' };
  }
  const msg = 'The URL contains a NUL character.';
  return { loc: ['path'], msg, type: 'value_error' };
}

function faultInBody({ type, required = [], properties = {} }: BodySchema) {
  const [field] = required;
  if (field !== undefined) return missing('body', field);
  const [text] = Object.entries(properties).find(([, schema]) => isText(schema)) ?? [];
  if (text !== undefined) {
    return { loc: ['body', text], msg: 'Must be a string', type: 'type_error' };
  }
  const msg = type === 'array' ? 'Must be an array' : 'Must be an object';
  return { loc: ['body'], msg, type: 'type_error' };
}

function isText({ type }: { readonly type?: unknown }): boolean {
  return [type].flat().includes('string');
}

function missing(place: string, field: string) {
  return { loc: [place, field], msg: 'Field required', type: 'missing' };
}
