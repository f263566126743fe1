import { fileKinds } from '../../files/kinds/index.ts';
import { failedDependency } from '../server/sdk-client.ts';
import { evaluationStatsOperations } from './evaluation-stats-operations.ts';
import { type BodySchema, exampleFault } from './faults.ts';
import { operationsOfKind } from './kind-operations.ts';
import type { Examples, OperationText } from './operation-text.ts';
import { ownOperations } from './own-operations.ts';
import {
  describedParameter,
  idempotencyKey,
  idempotentReplayed,
  type Parameter,
  prefer,
} from './parameters.ts';
import { withPublishedSchemas } from './published-schemas.ts';
import { refusalBodies } from './refusals.ts';
import { runOperations } from './run-operations.ts';

interface Media {
  readonly schema: BodySchema;
}

interface Content {
  readonly description?: string;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** A document as the schemas of the routes define it. */
interface BareDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>> & {
    readonly schemas: Readonly<Record<string, unknown>>;
  };
}

/**
 * Adds to a document what schemas cannot say: what each operation does, what each parameter means,
 * and examples of requests and answers. Each example stands once, under `components`.
 */
export function apiDocument(bare: object): object {
  const { paths, components, ...rest } = bare as BareDocument;
  const texts = operationTexts();
  const examples = new Map<string, unknown>(Object.entries(refusalBodies));
  const refer = (some: Examples = {}) =>
    mapped(some, (value, name) => {
      examples.set(name, value);
      return { $ref: `#/components/examples/${name}` };
    });
  const describedPaths = mapped(paths, (operations) =>
    mapped(operations, (operation, method) => {
      const text = texts[operation.operationId];
      return text
        ? described(operation, text, refer, method !== 'get' && !text.unkeyed)
        : operation;
    }),
  );
  const shared = mapped(Object.fromEntries(examples), (value) => ({ value }));
  return withPublishedSchemas({
    ...rest,
    paths: describedPaths,
    components: {
      ...components,
      parameters: { IdempotencyKey: idempotencyKey, Prefer: prefer },
      headers: { IdempotentReplayed: idempotentReplayed },
      examples: shared,
    },
  });
}

/** The text of each operation, by its id. */
export function operationTexts(): Readonly<Record<string, OperationText>> {
  const ofKinds = fileKinds.flatMap((kind) =>
    Object.entries(operationsOfKind(kind)).map(
      ([verb, text]) => [`${kind.collection}_${verb}`, text] as const,
    ),
  );
  return {
    ...Object.fromEntries(ofKinds),
    ...runOperations,
    ...ownOperations,
    ...evaluationStatsOperations,
  };
}

const unavailable =
  'The server or a model provider cannot answer now. `Retry-After` says when to try again.';

const runFailed =
  'The run failed. Only the official Node client (`X-Fern-Language: JavaScript`) gets this status. Other clients get a 429 or a 5XX, after which the Node client would send the request again.';

type Refer = (examples: Examples | undefined) => Readonly<Record<string, unknown>>;

function described(
  operation: Operation,
  text: OperationText,
  refer: Refer,
  isKeyed: boolean,
): object {
  const { operationId, tags, requestBody, responses, ...rest } = operation;
  const parameters = (operation.parameters ?? []).map((parameter) =>
    describedParameter(parameter, tags[0]),
  );
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const refusalsOf = (codes: readonly string[]) =>
    refer(Object.fromEntries(codes.map((code) => [code, refusalBodies[code]])));
  const answered: Readonly<Record<string, (response: Content) => Content>> = {
    422: (response) =>
      withExamples(response, { invalid: { value: exampleFault(parameters, body) } }),
    [failedDependency]: (response) => ({
      ...withExamples(response, refusalsOf(text.failure === undefined ? [] : [text.failure])),
      description: runFailed,
    }),
    '4XX': (response) =>
      withExamples(
        response,
        refusalsOf([
          'unauthenticated',
          ...(text.refusals ?? []),
          ...(isKeyed ? ['idempotency_key_reused'] : []),
        ]),
      ),
    '5XX': (response) => ({
      ...withExamples(response, refusalsOf(['server_stopping'])),
      description: unavailable,
    }),
  };
  const shownParameters = [
    ...parameters,
    ...(isKeyed ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...('202' in responses ? [{ $ref: '#/components/parameters/Prefer' }] : []),
  ];
  return {
    operationId,
    summary: text.summary,
    description: text.description,
    tags,
    ...rest,
    ...(shownParameters.length > 0 ? { parameters: shownParameters } : {}),
    ...(requestBody && body
      ? {
          requestBody: {
            required: isNeeded(body, parameters),
            content: mapped(requestBody.content ?? {}, (media) => ({
              ...media,
              examples: refer(text.request),
              ...(text.encoding ? { encoding: text.encoding } : {}),
            })),
          },
        }
      : {}),
    responses: mapped(
      responses,
      (response, status) =>
        answered[status]?.(response) ?? {
          ...success(response, text, refer),
          ...(isKeyed ? { headers: replayedHeader } : {}),
        },
    ),
  };
}

/**
 * Whether a body is required. One without required fields may be left out, unless the body has to
 * name the file or directory because the address does not.
 */
function isNeeded(
  { required = [], properties = {}, type }: BodySchema,
  parameters: readonly Parameter[],
): boolean {
  if (type !== 'object' || required.length > 0) return true;
  return 'path' in properties && !parameters.some((parameter) => parameter.in === 'path');
}

const replayedHeader = {
  'Idempotent-Replayed': { $ref: '#/components/headers/IdempotentReplayed' },
};

const eventStream = 'With `stream`: server-sent events.';

function success(response: Content, text: OperationText, refer: Refer): object {
  const answered: Content = withExamples(response, refer(text.answer));
  return {
    ...answered,
    description: text.returns,
    ...(text.stream
      ? {
          content: {
            ...answered.content,
            'text/event-stream': {
              // Use the route's own schema if it answers only with a stream.
              schema: answered.content?.['text/event-stream']?.schema ?? {
                type: 'string',
                description: `${eventStream} ${text.stream.events}`,
              },
              examples: refer(text.stream.examples),
            },
          },
        }
      : {}),
  };
}

function withExamples(response: Content, examples: object): Content {
  if (!response.content) return response;
  return { ...response, content: mapped(response.content, (media) => ({ ...media, examples })) };
}

/** A record with all values replaced. */
function mapped<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V, key: string) => W,
): Record<string, W> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
