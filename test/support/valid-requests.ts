import { randomUUID } from 'node:crypto';
import type { FileType } from '../../src/contract/kinds/index.ts';
import { politeness, versions } from '../../src/http/document/examples/files.ts';
import { records } from '../../src/http/document/examples/logs.ts';
import { type ApiDocument, documentOf, type Route, takesKey } from './answer-check.ts';
import type { Answer, TestApp } from './app.ts';
import { kinds } from './kinds.ts';
import type { Everything, OwnedFile } from './one-of-everything.ts';
import { send } from './refusals.ts';

type Texts = Readonly<Record<string, string>>;

/** A request that the document describes, and that the server accepts. */
export interface ValidRequest {
  /** `POST /v5/agents/{id}/evaluators Monitoring`: the route, and the example that is sent. */
  readonly name: string;
  readonly route: Route;
  /** The kind of file that the route is of, if it is of one. */
  readonly type: FileType | undefined;
  readonly params: Texts;
  readonly query: Texts;
  readonly body: unknown;
}

/**
 * A request for every operation of the document that takes a key, and for each of its examples. Ids in
 * the examples are replaced by those of an organization.
 *
 * @param document as it is published: with examples.
 */
export function validRequests(
  document: ApiDocument,
  everything: Everything,
): readonly ValidRequest[] {
  return document.routes
    .filter(({ operation }) => takesKey(operation))
    .flatMap((route) => {
      const type = kinds.find(({ collection }) => collection === route.operation.tags[0])?.type;
      const isEvaluation = route.operation.tags[0] === 'evaluations';
      const file = everything.files[type ?? (isEvaluation ? 'prompt' : 'agent')];
      const request = {
        route,
        type,
        params: paramsOf(route, file, everything),
        query: queryOf(route, file, everything),
      };
      const examples = examplesOf(document, route);
      if (examples.length === 0) return [{ ...request, name: route.name, body: undefined }];
      return examples.map(([name, example]) => ({
        ...request,
        name: `${route.name} ${name}`,
        body: ownBody(route, example, file, everything),
      }));
    });
}

function paramsOf({ path, operation }: Route, file: OwnedFile, everything: Everything): Texts {
  const values: Readonly<Record<string, string | undefined>> = {
    id:
      {
        directories: everything.directoryId,
        logs: file.logId,
        evaluations: everything.evaluationId,
        reviews: everything.reviewId,
        api_keys: everything.apiKeyId,
        members: everything.memberId,
        invitations: everything.invitationId,
        environments: everything.emptyEnvironmentId,
      }[operation.tags[0] ?? ''] ?? file.id,
    run_id: everything.evaluationRunId,
    evaluator_version_id: everything.watcherVersionId,
    version_id: file.versionId,
    environment_id: everything.environmentId,
    log_id: file.logId,
    span_id: file.logId,
    name: everything.variable,
    // What is tried must be called.
    provider: operation.operationId === 'provider_keys_test' ? 'mock' : everything.provider,
    endpoint: everything.endpoint,
  };
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
  return Object.fromEntries(names.map((name) => [name, String(values[name])]));
}

function queryOf({ operation }: Route, file: OwnedFile, { evaluationRunId }: Everything): Texts {
  const values: Readonly<Record<string, string | undefined>> = {
    version_id: file.versionId,
    file_id: file.id,
    id: file.logId,
    run: evaluationRunId,
    // A Run can be compared with itself.
    baseline: evaluationRunId,
  };
  const needed = (operation.parameters ?? []).filter(
    ({ in: place, name, required }) => place === 'query' && (required || name === 'baseline'),
  );
  return Object.fromEntries(needed.map(({ name }) => [name, String(values[name])]));
}

function examplesOf(document: ApiDocument, { operation }: Route): readonly [string, unknown][] {
  const { examples: shared } = document.whole['components'] as {
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
  };
  const [media] = Object.values(operation.requestBody?.content ?? {});
  return Object.keys(media?.examples ?? {}).map((name) => [name, shared[name]?.value]);
}

function ownBody(
  { path, operation }: Route,
  example: unknown,
  file: OwnedFile,
  { root, files, watcherVersionId, suspended, evaluationRunId }: Everything,
): unknown {
  const isAbout = /\/(log|call|retrieve-by-path)$/.test(path);
  const own: Readonly<Record<string, unknown>> = {
    // A version has to run without a vendor; a key may be for any vendor.
    provider: operation.operationId === 'provider_keys_set' ? undefined : 'mock',
    evaluator_version_id: watcherVersionId,
    trace_parent_id: files.flow.logId,
    parent_id: files.agent.logId,
    log_id: operation.operationId === 'agents_continue' ? suspended.logId : undefined,
    tool_call_id: suspended.toolCallId,
    run: evaluationRunId,
    baseline: evaluationRunId,
    min: { [`${root}/watcher`]: 0.9 },
  };
  if (operation.operationId === 'environments_create') return { name: uniqueName() };
  if (operation.operationId === 'invitations_create') {
    return { email_address: `${uniqueName()}@example.com`, role: 'editor' };
  }
  const ids = ownIds(files, watcherVersionId);
  return JSON.parse(JSON.stringify(example), (key, value) =>
    key === 'path'
      ? isAbout
        ? file.path
        : `${root}/${value}`
      : (own[key] ?? ids.get(value) ?? value),
  );
}

/** A name that nothing has yet. */
function uniqueName(): string {
  return `unique-${randomUUID()}`;
}

/** The organization's ids of files, versions and logs, by those of the examples. */
function ownIds(
  files: Everything['files'],
  watcherVersionId: string,
): ReadonlyMap<unknown, string | undefined> {
  const pairs = kinds.flatMap(({ type }) => [
    [versions[type].id, files[type].id] as const,
    [versions[type].versionId, files[type].versionId] as const,
  ]);
  const logs = Object.values(records).map(({ id, type }) => [id, files[type as FileType].logId]);
  return new Map([...pairs, ...logs, [politeness.versionId, watcherVersionId]] as never);
}

/** The address of a request, its query included. */
export function urlOf({ route, params, query }: Pick<ValidRequest, 'route' | 'params' | 'query'>) {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** The document as it is published, with examples. */
export async function publishedDocument(api: Pick<TestApp, 'app'>): Promise<ApiDocument> {
  return documentOf((await send(api, 'GET', '/openapi.json')).body);
}

/**
 * Sends a request; its body as JSON or as a form, whichever the route takes.
 *
 * @param url sent in place of the address that the request's parts make.
 */
export function sendRequest(
  api: Pick<TestApp, 'app'>,
  request: ValidRequest,
  { headers = {}, url = urlOf(request) }: { readonly headers?: Texts; readonly url?: string } = {},
): Promise<Answer> {
  const { payload, type } = payloadOf(request);
  return send(api, request.route.method as 'POST', url, payload, {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...headers,
  });
}

const boundary = 'a-line-that-is-in-no-part';

function payloadOf({ route, body }: ValidRequest): {
  readonly payload?: string;
  readonly type?: string;
} {
  if (body === undefined) return {};
  const { content = {} } = route.operation.requestBody ?? {};
  if (!content['multipart/form-data']) {
    return { payload: JSON.stringify(body), type: 'application/json' };
  }
  const parts = Object.entries(body as object).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"` +
      `${name === 'file' ? '; filename="a.csv"' : ''}\r\n\r\n${value}\r\n`,
  );
  return {
    payload: `${parts.join('')}--${boundary}--\r\n`,
    type: `multipart/form-data; boundary=${boundary}`,
  };
}
