import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { Type } from 'typebox';
import { failedDependency } from '../server/sdk-client.ts';

/** The parts of `/openapi.json` that all routes share. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
  // Without this, components would be called `def-0`; clients know them as `AgentResponse`.
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
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-KEY' },
        bearer: { type: 'http', scheme: 'bearer', description: 'The same key.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-lw_session',
          description: 'The session of a browser; over plain HTTP its cookie is `lw_session`.',
        },
      },
    },
    security: [{ apiKey: [] }, { bearer: [] }, { session: [] }],
    servers: [{ url: '/', description: 'The server of this document.' }],
    tags: [
      {
        name: 'agents',
        description: 'A model that calls tools and continues with their results until it is done.',
      },
      { name: 'prompts', description: 'A template and a model, for one model call.' },
      { name: 'tools', description: 'A function that a model may call.' },
      { name: 'flows', description: 'A program of your own whose steps are logged as one trace.' },
      {
        name: 'evaluators',
        description: 'Judges of logs: code, a model, people, or an external system.',
      },
      { name: 'datasets', description: 'Inputs for runs, and the results to expect.' },
      { name: 'files', description: 'Files of all types. Each has a path, an id and versions.' },
      { name: 'directories', description: 'The folders that files are in.' },
      { name: 'environments', description: 'Where versions of files are deployed to.' },
      { name: 'deployments', description: 'Which version of a file is deployed where.' },
      {
        name: 'provider_keys',
        description: 'Keys for model vendors, for calls that have no key of their own.',
      },
      { name: 'models', description: 'The models that this server knows.' },
      {
        name: 'custom_endpoints',
        description: 'Model servers of your own that speak OpenAI’s API.',
      },
      {
        name: 'evaluations',
        description: 'Evaluators on the logs of a file, in Runs that can be compared.',
      },
      { name: 'auth', description: 'Signing in, and links that work once.' },
      { name: 'me', description: 'Who makes a request, and their sessions.' },
      { name: 'api_keys', description: 'Keys of programs. Each may do what its scopes say.' },
      { name: 'members', description: 'The people of an organization, and their roles.' },
      { name: 'invitations', description: 'Links with which people become members.' },
      { name: 'organization', description: 'The organization of the key or session.' },
      { name: 'reviews', description: 'Logs that people are to judge, one after the other.' },
      { name: 'logs', description: 'Records of runs. A log with logs below it is a trace.' },
    ],
  },
};

const problemFields = {
  code: Type.String({ description: 'A stable error code. docs/errors.md describes each.' }),
  request_id: Type.String({
    description: 'The id of the request, also in the header `X-Request-Id`.',
  }),
  log_id: Type.Optional(
    Type.String({ description: 'The log of the run, if the request started one that failed.' }),
  ),
};

const fault = Type.Object(
  {
    loc: Type.Array(Type.Union([Type.String(), Type.Integer()]), {
      description:
        'The place of the fault: `body`, `query`, `path` or `header`, then names and numbers.',
    }),
    msg: Type.String(),
    type: Type.String(),
  },
  { title: 'ValidationError' },
);

/** The bodies of refusals, by their names in the document. */
export const problemSchemas = {
  ValidationProblem: Type.Object(
    { detail: Type.Union([Type.Array(fault), Type.Object({}), Type.String()]), ...problemFields },
    {
      description:
        'The request is not valid. `detail` lists each fault, or has the error of a model provider.',
    },
  ),
  Problem: Type.Object(
    { detail: Type.Union([Type.String(), Type.Object({})]), ...problemFields },
    { description: 'The request was refused.' },
  ),
};

/**
 * The responses of a route: its own, the refusal of a request that does not fit its schema, and all
 * other refusals. They are documentation. Tests check answers against them; the compiler does not.
 */
export function answers(status: number, schema: object): { readonly response: unknown } {
  const refusal = Type.Ref('Problem');
  return {
    response: {
      [status]: schema,
      422: Type.Ref('ValidationProblem'),
      '4xx': refusal,
      '5xx': refusal,
    },
  };
}

/**
 * The same for a route that starts a run: it answers when the run has ended or, on request, at once
 * (202); the Node client gets a status of its own if the run failed.
 */
export function acceptedOr(schema: object): { readonly response: unknown } {
  const { response } = answers(200, schema);
  return {
    response: { ...(response as object), 202: schema, [failedDependency]: Type.Ref('Problem') },
  };
}

/** Names the operations of a collection: `agents_upsert`, with the tag `agents`. */
export function nameOperations({ collection }: { readonly collection: string }) {
  return (verb: string) => ({ operationId: `${collection}_${verb}`, tags: [collection] });
}
