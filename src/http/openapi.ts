import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { Type } from 'typebox';
import type { FileKind } from '../files/kind.ts';

/** The document at `/openapi.json`: what is common to all routes. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
  // Components have the names that clients know: `AgentResponse`.
  refResolver: { buildLocalReference: ({ $id }) => String($id) },
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Loopwright',
      description:
        'Stores versioned agents, runs them, and logs every step. Speaks the Humanloop v5 API.',
      version: '5',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-KEY' } },
    },
    security: [{ apiKey: [] }],
  },
};

const problemFields = {
  code: Type.String({ description: 'Stable; docs/errors.md describes each.' }),
  request_id: Type.String(),
};

const fault = Type.Object({
  loc: Type.Array(Type.Union([Type.String(), Type.Integer()])),
  msg: Type.String(),
  type: Type.String(),
});

/** A request that does not fit: where, and why; or what a model provider said of it. */
const validationProblem = Type.Object(
  { detail: Type.Union([Type.Array(fault), Type.Object({}), Type.String()]), ...problemFields },
  { description: 'The request does not fit.' },
);

const problem = Type.Object(
  { detail: Type.Union([Type.String(), Type.Object({})]), ...problemFields },
  { description: 'The request is refused.' },
);

/**
 * The responses of a route: its own, the refusal of a request that does not fit, and any other
 * refusal. They document, and tests hold answers against them; the compiler does not.
 */
export function answers(status: number, schema: object): { readonly response: unknown } {
  return { response: { [status]: schema, 422: validationProblem, '4xx': problem } };
}

/** Names the operations on a collection: `agents_upsert`, under the tag `agents`. */
export function operationsOf({ collection }: Pick<FileKind, 'collection'>) {
  return (verb: string) => ({ operationId: `${collection}_${verb}`, tags: [collection] });
}
