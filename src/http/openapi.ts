import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { type TSchema, Type } from 'typebox';

/** The document at `/openapi.json`: what is common to all routes. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
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

/** A request that does not fit: where, and why. */
export const validationProblem = Type.Object({
  detail: Type.Unknown(),
  code: Type.String(),
  request_id: Type.String(),
});

/**
 * The responses of a route: its own, and the refusal of a request that does not fit. They document,
 * and tests hold answers against them; the compiler does not.
 */
export function answers(status: number, schema: TSchema): { readonly response: unknown } {
  return { response: { [status]: schema, 422: validationProblem } };
}
