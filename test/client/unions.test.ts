import { expect, test } from 'vitest';
import { type KindOfFile, kinds, upserted } from '../support/kinds.ts';
import { answers, files, logs, membersMatching, misfitsOf, streamPayloads } from './sdk-unions.ts';
import { sharedServer } from './shared-server.ts';
import { requester } from './thin-http.ts';

// Where a file or a log of any kind may stand, the clients try one kind after the other.

const server = await sharedServer();
const send = requester(`${server.url}/v5`, server.key);

// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
type Json = any;

const get = async (path: string): Promise<Json> => (await send({ method: 'GET', path })).json();
const post = async (path: string, body: Record<string, unknown>): Promise<Json> =>
  (await send({ method: 'POST', path, body })).json();

const api = {
  post: async (path: string, body?: unknown) => {
    const { status: statusCode, body: answer } = await server.post(`/v5${path}`, body);
    return { statusCode, headers: {}, body: answer };
  },
};

async function made(kind: KindOfFile): Promise<Json> {
  const file = await upserted(api, kind, { path: `unions/${kind.type}` });
  if (!kind.hasLogs) return file;
  const { version_id: evaluator_version_id } = await post('evaluators', {
    path: 'watching',
    spec: { evaluator_type: 'human', arguments_type: 'target_free', return_type: 'text' },
  });
  return post(`${kind.collection}/${file.id}/evaluators`, { activate: [{ evaluator_version_id }] });
}

const judging = kinds.find(({ type }) => type === 'evaluator') as KindOfFile;

/** A log of a kind, with a judgment about it, and with one below it where there can be one. */
async function logged({ type, collection, definition }: KindOfFile): Promise<Json> {
  const path = `unions/${type} logged`;
  const { id: parent_id } = await post('tools/log', { path: 'unions/judged', tool: {} });
  const defined = type === 'evaluator' ? definition(1) : { [type]: definition(1) };
  const log = await post(`${collection}/log`, {
    path,
    ...defined,
    ...(type === 'evaluator' ? { parent_id, judgment: true } : { output: 'Yes.' }),
  });
  await post('tools/log', { path: 'unions/below', tool: {}, trace_parent_id: log.id });
  await post('evaluators/log', {
    path: 'unions/judging',
    ...judging.definition(1),
    parent_id: log.id,
    judgment: false,
  });
  return log;
}

test.each(kinds)('a $type is one member of the union, wherever it stands', async (kind) => {
  const file = await made(kind);
  expect(membersMatching(files, file)).toEqual([kind.type]);
  const environments = await get(`${kind.collection}/${file.id}/environments`);
  expect(misfitsOf(answers.environments, environments)).toEqual([]);
  expect(membersMatching(files, environments[0].file)).toEqual([kind.type]);
  const { records } = await get(`${kind.collection}/${file.id}/versions`);
  for (const record of records) expect(membersMatching(files, record)).toEqual([kind.type]);
  const directory = await get(`directories/${file.directory_id}`);
  for (const one of directory.files) expect(membersMatching(files, one)).toEqual([one.type]);
  for (const { version, version_reference } of file.evaluators ?? []) {
    expect(membersMatching(files, version)).toEqual(['evaluator']);
    expect(membersMatching(files, version_reference.version)).toEqual(['evaluator']);
  }
});

const withLogs = kinds.filter(({ hasLogs }) => hasLogs);

test.each(withLogs)(
  'a log of a $type is one member of the unions, and so are those with it',
  async (kind) => {
    const { id } = await logged(kind);
    const log = await get(`logs/${id}`);
    const member = `${kind.type}Log`;
    expect(membersMatching(logs, log)).toEqual([member]);
    expect(membersMatching(streamPayloads, log)).toEqual([member]);
    // One of the clients reads these as keys of what it got, which must be there.
    expect(log).toHaveProperty('log_status');
    expect(log.trace_children.map((below: Json) => membersMatching(logs, below))).toEqual([
      ['toolLog'],
    ]);
    expect(log.evaluator_logs.map((one: Json) => membersMatching(logs, one))).toEqual([
      ['evaluatorLog'],
    ]);
    const list = `logs?file_id=${log[kind.type].id}&include_trace_children=true&include_parent=true`;
    const { records } = await get(list);
    expect(records.map((record: Json) => membersMatching(logs, record))).toEqual([[member]]);
    if (kind.type === 'evaluator') {
      expect(membersMatching(logs, records[0].parent)).toEqual(['toolLog']);
    }
  },
);
