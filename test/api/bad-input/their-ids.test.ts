import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { idsOf } from '../../support/logs.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { addOrganization, rowsOf } from '../../support/organizations.ts';
import { addSpan, pythonPayload } from '../../support/otel-payloads.ts';
import { expectRefusal, send } from '../../support/refusals.ts';
import { placesIn, type Schema } from '../../support/schema-places.ts';
import {
  publishedDocument,
  sendRequest,
  type ValidRequest,
  validRequests,
} from '../../support/valid-requests.ts';

// Two organizations with one of everything each. Whatever we ask for by an id of theirs is not there.

const api = await testApp();
const their = await addOrganization(api, 'the-key-of-the-others');
const theirs = await makeEverything(api, 'Theirs', their.apiKey);
const { body: theirNewest } = await send(
  api,
  'POST',
  '/v5/agents/log',
  JSON.stringify({ id: theirs.files.agent.id }),
  { 'x-api-key': their.apiKey },
);
const ours = await makeEverything(api, 'Ours');
const requests = validRequests(await publishedDocument(api), ours);
const ourId = api.workspace.organizationId;

type Body = Readonly<Record<string, unknown>>;

/** What is theirs, by what is ours. */
const counterparts = new Map<unknown, string>();
function pair(our: unknown, their: unknown): void {
  if (typeof our === 'string') counterparts.set(our, String(their));
  else if (typeof our === 'object' && our !== null) {
    for (const [key, value] of Object.entries(our)) pair(value, (their as Body)[key]);
  }
}
pair(ours, theirs);
counterparts.delete(ours.variable);
counterparts.delete(ours.provider);
counterparts.delete(ours.suspended.toolCallId);

let before: readonly (readonly string[])[];
beforeEach(async () => {
  before = await Promise.all([rowsOf(api, ourId), rowsOf(api, their.organizationId)]);
});
afterEach(async () => {
  const after = await Promise.all([rowsOf(api, ourId), rowsOf(api, their.organizationId)]);
  expect(after).toEqual(before);
});

function expectNotThere(answer: Answer): void {
  expectRefusal(answer, 404);
  expect(answer.body.code).not.toBe('route_not_found');
}

/** The same requests, each with one of its ids and paths exchanged for theirs. */
const exchanged = requests.flatMap((request) => {
  const changed: { at: string; request: ValidRequest }[] = [];
  for (const part of ['params', 'query'] as const) {
    for (const [name, value] of Object.entries(request[part])) {
      const there = counterparts.get(value);
      const own = { ...request[part], [name]: there };
      if (there)
        changed.push({ at: `${name} of ${request.name}`, request: { ...request, [part]: own } });
    }
  }
  const text = JSON.stringify(request.body);
  // A version that is given in place is stored at the path, which may be there, too.
  const isStored = request.type !== undefined && Object.hasOwn(Object(request.body), request.type);
  for (const [our, there] of counterparts) {
    if (!text?.includes(`"${our}"`) || isStored) continue;
    const body = JSON.parse(text.replaceAll(`"${our}"`, `"${there}"`));
    changed.push({ at: `${our} in ${request.name}`, request: { ...request, body } });
  }
  return changed;
});

test.each(exchanged)('what is theirs is not there: $at', async ({ request }) => {
  expectNotThere(await sendRequest(api, request));
});

/** Parameters that may name something, with what of theirs they are given. */
const parameters: Readonly<Record<string, (request: ValidRequest) => string>> = {
  version_id: ({ type = 'agent' }) => theirs.files[type].versionId,
  environment: () => 'only-theirs',
};

/** What a list is narrowed to: of what is not there, it has nothing. */
const narrowed: Readonly<Record<string, unknown>> = {
  'GET /v5/logs': expect.objectContaining({ records: [], total: 0 }),
  'GET /v5/log-stats': expect.objectContaining({ total: 0, buckets: [] }),
  'GET /v5/logs/{log_id}/neighbours': { previous: null, next: null },
  'GET /v5/log-export': '',
  'POST /v5/logs/delete LogDeletion': { deleted: 0, is_done: true },
};

describe('a parameter finds nothing of theirs', () => {
  const named = requests.flatMap((request) =>
    (request.route.operation.parameters ?? []).flatMap(({ in: place, name }) => {
      const value = place === 'query' && parameters[name]?.(request);
      if (!value || request.query[name]) return [];
      const query = { ...request.query, [name]: value };
      const body = request.body && ofStoredVersion(request);
      return [{ at: `${name} of ${request.name}`, request: { ...request, query, body } }];
    }),
  );

  test.each(named)('$at', async ({ request }) => {
    const answer = await sendRequest(api, request);
    if (request.name in narrowed) expect(answer.body).toEqual(narrowed[request.name]);
    else expectNotThere(answer);
  });
});

/** The body of a request, without a version in place; of a dataset, one that changes a version. */
function ofStoredVersion({ type, route, body }: ValidRequest): unknown {
  if (route.operation.operationId === 'datasets_upsert') {
    return { ...Object(body), path: ours.files.dataset.path, action: 'add' };
  }
  if (!/\/(log|call|fork)$/.test(route.path)) return body;
  const { [type ?? 'agent']: _, ...rest } = Object(body);
  return rest;
}

/** Fields of bodies that name what must be there, with what of theirs they are given. */
const fields: Readonly<Record<string, (request: ValidRequest) => Body>> = {
  id: (request) => ({
    ...Object(ofStoredVersion(request)),
    path: undefined,
    id: theirs.files[request.type ?? 'agent'].id,
  }),
  'filter.file_id': () => ({ filter: { file_id: theirs.files.prompt.id } }),
  'filter.version_id': () => ({ filter: { version_id: theirs.files.prompt.versionId } }),
  'filter.id': () => ({ filter: { id: [theirs.files.prompt.logId] } }),
  version_id: (request) => ({
    ...Object(ofStoredVersion(request)),
    version_id: theirs.files[request.type ?? 'agent'].versionId,
  }),
  trace_parent_id: ({ body }) => ({ ...Object(body), trace_parent_id: theirs.files.flow.logId }),
  run_id: ({ body }) => ({ ...Object(body), run_id: theirs.evaluationRunId }),
  log_id: ({ body }) => ({ ...Object(body), log_id: theirs.suspended.logId }),
  parent_id: ({ type, body }) =>
    type
      ? { ...Object(body), parent_id: theirs.files.agent.logId }
      : { name: 'x', parent_id: theirs.directoryId },
  directory_id: () => ({ name: 'x', directory_id: theirs.directoryId }),
  'logs.file_id': choosingLogs({ file_id: theirs.files.prompt.id }),
  'logs.version_id': choosingLogs({
    file_id: ours.files.prompt.id,
    version_id: theirs.files.prompt.versionId,
  }),
  file_id: () => ({ file_id: theirs.files.prompt.id }),
  member_id: ({ body }) => ({ ...Object(body), member_id: theirs.memberId }),
  evaluator_id: () => ({ evaluator_id: theirs.files.evaluator.id }),
  'tools.1.link.file_id': linking({ file_id: theirs.files.prompt.id }),
  'tools.1.link.version_id': linking({
    file_id: ours.files.prompt.id,
    version_id: theirs.files.prompt.versionId,
  }),
  'tools.1.link.environment_id': linking({
    file_id: ours.files.prompt.id,
    environment_id: theirs.environmentId,
  }),
  'activate.1.evaluator_version_id': () => ({
    activate: [{ evaluator_version_id: theirs.watcherVersionId }],
  }),
  'activate.1.evaluator_id': () => ({
    activate: [{ evaluator_id: theirs.files.evaluator.id, environment_id: ours.environmentId }],
  }),
  'activate.1.environment_id': () => ({
    activate: [{ evaluator_id: ours.files.evaluator.id, environment_id: theirs.environmentId }],
  }),
  'deactivate.1.evaluator_version_id': () => ({
    deactivate: [{ evaluator_version_id: theirs.watcherVersionId }],
  }),
  'deactivate.1.evaluator_id': () => ({
    deactivate: [{ evaluator_id: theirs.files.evaluator.id, environment_id: ours.environmentId }],
  }),
  'deactivate.1.environment_id': () => ({
    deactivate: [{ evaluator_id: ours.files.evaluator.id, environment_id: theirs.environmentId }],
  }),
};

/** Fields that look like those, and name nothing that must be there. */
const names = ['tool_call_id', 'source_datapoint_id', 'spanId', 'traceId'];

/** A Run over logs takes nothing else; a replay of logs needs a version. */
function choosingLogs(logs: Body) {
  return ({ body, route }: ValidRequest): Body =>
    route.path.endsWith('/replays') ? { ...Object(body), logs } : { logs };
}

function linking(link: Body) {
  return ({ type, body, route }: ValidRequest): Body => {
    const tools = [{ type: 'file', link }];
    const version = { model: 'm', provider: 'mock', tools };
    if (route.path.endsWith('/fork')) return { turn: 1, agent: { tools } };
    if (!/\/(log|call)$/.test(route.path)) return { ...Object(body), tools };
    return { ...Object(body), path: 'Ours/new', [String(type)]: version };
  };
}

describe('a field finds nothing of theirs', () => {
  const named = requests.flatMap((request) => {
    const content = request.route.operation.requestBody?.content?.['application/json'];
    const places = placesIn((content?.schema ?? {}) as Schema).map(({ loc }) => loc.join('.'));
    const isNew = request.route.operation.operationId !== 'agents_continue';
    return (
      [...new Set(places)]
        .filter((place) => /(^|[._])id$|Id$/.test(place))
        .filter((place) => !place.endsWith('tool_calls.1.id'))
        .filter((place) => !names.includes(place.split('.').at(-1) ?? ''))
        // Where a log begins, its id is one that nobody has.
        .filter((place) => !(isNew && place === 'log_id'))
        .map((place) => ({ at: `${place} of ${request.name}`, place, request }))
    );
  });

  test.each(named)('$at', async ({ place, request }) => {
    const inline = /\/(log|call|fork)$/.test(request.route.path);
    const field = inline ? place.replace(/^(agent|prompt)\./, '') : place;
    const body = fields[field]?.(request);
    expect(body, `Say what ${field} is to be.`).toBeDefined();
    const answer = await sendRequest(api, { ...request, body });
    const isNarrowed = request.name in narrowed && place !== 'filter.file_id';
    if (isNarrowed) expect(answer.body).toEqual(narrowed[request.name]);
    else expectNotThere(answer);
  });
});

test('a deletion of logs deletes none if one is theirs', async () => {
  const query = `id=${ours.files.agent.logId}&id=${theirs.files.agent.logId}`;
  expectNotThere(await api.delete(`/logs?${query}`));
});

test('lists, searches and pages show nothing of theirs', async () => {
  const file = ours.files.agent.id;
  for (const search of [
    `id=${theirs.files.agent.logId}`,
    `version_id=${theirs.files.agent.versionId}`,
    'search=theirs',
  ]) {
    const { body } = await api.get(`/logs?file_id=${file}&${search}`);
    expect(body).toMatchObject({ records: [], total: 0, next_cursor: null });
  }
  for (const url of [
    '/files?size=1000',
    '/files?path=Theirs',
    '/directories',
    '/agents?size=1000',
  ]) {
    const answer = await api.get(url);
    expect(answer.statusCode).toBeLessThan(500);
    expect(JSON.stringify(answer.body)).not.toContain('Theirs/');
  }
});

test('a place in a list of theirs shows nothing of it', async () => {
  const url = `/v5/logs?file_id=${theirs.files.agent.id}&size=1`;
  const { body: page } = await send(api, 'GET', url, undefined, { 'x-api-key': their.apiKey });
  expect(page).toMatchObject({ records: [{ id: theirNewest.id }], total: 2 });
  const ourUrl = `/logs?file_id=${ours.files.agent.id}&cursor=${page.next_cursor}`;
  expect(idsOf((await api.get(ourUrl)).body)).not.toContain(theirs.files.agent.logId);
});

describe('a span that is brought in', () => {
  const { id, logId = '' } = theirs.files.flow;
  test.each([
    ['below a log of theirs', addSpan({ 'humanloop.log.trace_parent_id': logId })],
    [
      'that ends a flow of theirs',
      {
        'humanloop.file.type': 'flow',
        'humanloop.file.id': id,
        'humanloop.log.id': logId,
        'humanloop.log.output': 'x',
      },
    ],
  ])('%s is rejected', async (_, attributes) => {
    const answer = await api.post('/import/otel/v1/traces', pythonPayload({ attributes }));
    expect(answer).toMatchObject({ statusCode: 200, body: { records: [] } });
    expect(answer.body.partialSuccess.errorMessage).toMatch(/There is no log .*\(log_not_found\)$/);
  });
});
