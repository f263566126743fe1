import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { LightMyRequestResponse } from 'fastify';

/** What the document at `/openapi.json` says of one route. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

/** Whether an operation is for people who are signed in alone. */
export function isForSessions({ security = [] }: Operation): boolean {
  return security.length > 0 && security.every((way) => 'session' in way);
}

/** Whether an operation is for whoever has a key: not for everybody, and not for sessions alone. */
export function takesKey({ security = [] }: Operation): boolean {
  return security.some((way) => 'apiKey' in way);
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly required: boolean;
  readonly explode?: boolean;
  readonly schema: object;
}

export interface Content {
  readonly description?: string;
  readonly content?: Readonly<Record<string, MediaType | undefined>>;
}

interface MediaType {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, Example>>;
}

type Example = { readonly value: unknown } | { readonly $ref: string };

/** A route of the document. */
export interface Route {
  /** `POST /v5/agents/{id}` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Fits the paths that it answers. */
  readonly pattern: RegExp;
  readonly operation: Operation;
}

/** The document of an app: what its routes promise. */
export interface ApiDocument {
  readonly whole: Readonly<Record<string, unknown>>;
  readonly routes: readonly Route[];
  /** A check of values against a schema of the document. */
  compile(schema: object): ValidateFunction;
}

/** Reads a document: the one that an app answers, or the one that it is made from (`app.swagger()`). */
export function documentOf(document: object): ApiDocument {
  const whole = document as Readonly<Record<string, unknown>>;
  const paths = whole['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  // Without `allErrors`: it would check a log of one kind against the schema of every other kind, and
  // so each log below it, five times as many at every level.
  const ajv = addFormats.default(
    new Ajv2020({ strict: false, discriminator: true, validateFormats: true }),
  );
  ajv.addSchema(withoutMappings({ $id: 'document', components: whole['components'] }));
  const compiled = new Map<object | string, ValidateFunction>();
  return {
    whole,
    routes: Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        pattern: patternOf(path),
        operation: { ...operation, parameters: parametersOf(operation, whole) },
      })),
    ),
    compile(schema) {
      const before = compiled.get(schema);
      if (before) return before;
      const text = JSON.stringify(withoutMappings(schema)).replaceAll(
        '"#/components/',
        '"document#/components/',
      );
      const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text));
      compiled.set(schema, validate).set(text, validate);
      return validate;
    },
  };
}

/** A schema without the `mapping` of its discriminators: the validator refuses it, and works without. */
function withoutMappings(schema: object): AnySchemaObject {
  return JSON.parse(
    JSON.stringify(schema, (key, value) =>
      key === 'discriminator' && value.mapping ? { propertyName: value.propertyName } : value,
    ),
  ) as AnySchemaObject;
}

/** The parameters of an operation, with those that it names by `$ref`. */
function parametersOf(
  { parameters = [] }: Operation,
  { components }: Readonly<Record<string, unknown>>,
): readonly Parameter[] {
  const { parameters: shared = {} } = components as {
    readonly parameters?: Readonly<Record<string, Parameter>>;
  };
  return parameters.flatMap((parameter) => {
    const name = (parameter as { readonly $ref?: string }).$ref?.split('/').at(-1);
    return name === undefined ? parameter : (shared[name] ?? []);
  });
}

/** How an answer differs from what the document promises; nothing, when it does not. */
export function answerFlaws(
  document: ApiDocument,
  method: string,
  url: string,
  response: Pick<LightMyRequestResponse, 'statusCode' | 'headers' | 'body'>,
): readonly string[] {
  const route = routeOf(document, method, url.split('?', 1).join());
  const type = String(response.headers['content-type'] ?? '')
    .split(';', 1)
    .join();
  if (!route || type === 'text/event-stream') return [];
  const { responses } = route.operation;
  const status = String(response.statusCode);
  const promised = responses[status] ?? responses[`${status.charAt(0)}XX`];
  if (!promised) return [`${route.name} promises no ${status}`];
  if (response.body === '') return [];
  const schema = promised.content?.[type]?.schema;
  if (!schema) return [`${route.name} promises no ${type} for ${status}`];
  const validate = document.compile(schema);
  const body = type === 'application/json' ? JSON.parse(response.body) : response.body;
  if (validate(body)) return [];
  const faults = validate.errors ?? [];
  return faults.slice(0, 8).map((e) => `${route.name} ${status}: ${e.instancePath} ${e.message}`);
}

/** How a request with a JSON body differs from what the document allows; nothing, when it does not. */
export function requestFlaws(
  document: ApiDocument,
  method: string,
  url: string,
  payload: unknown,
): readonly string[] {
  const route = routeOf(document, method, url.split('?', 1).join());
  const schema = route?.operation.requestBody?.content?.['application/json']?.schema;
  if (!route || !schema || payload === undefined || payload === '') return [];
  const validate = requestCheckOf(document, route, schema);
  const isText = typeof payload === 'string' || Buffer.isBuffer(payload);
  if (validate(isText ? JSON.parse(String(payload)) : payload)) return [];
  const faults = validate.errors ?? [];
  return faults.map((e) => `${route.name} allows no such body: ${e.instancePath} ${e.message}`);
}

const requestChecks = new WeakMap<Route, ValidateFunction>();

/**
 * What the document says of a body, without the format of times: the server also takes a date, and a
 * time without a zone, which the document does not offer to clients.
 */
function requestCheckOf(document: ApiDocument, route: Route, schema: object): ValidateFunction {
  const before = requestChecks.get(route);
  if (before) return before;
  const text = JSON.stringify(schema, (key, value) =>
    key === 'format' && value === 'date-time' ? undefined : value,
  );
  const check = document.compile(JSON.parse(text) as object);
  requestChecks.set(route, check);
  return check;
}

/** The route that answers a path: one without parameters before one with. */
function routeOf({ routes }: ApiDocument, method: string, path: string): Route | undefined {
  const fitting = routes.filter((route) => route.method === method && route.pattern.test(path));
  return fitting.toSorted((a, b) => parametersIn(a) - parametersIn(b))[0];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
}

function parametersIn({ path }: Route): number {
  return path.split('{').length;
}
