import { HumanloopClient, HumanloopError } from 'humanloop';
import { expect, test, vi } from 'vitest';
import { balance, question, tellerAgent } from '../../src/first-run/teller-agent.ts';
import { sharedServer } from './shared-server.ts';
import { agentsClient } from './thin-client.ts';

// The client that npm carries, as it is. It knows no agents, so it is held to what it does know.

// For each log it says there that the log is of no kind it knows, and then hands it over as it came.
vi.spyOn(console, 'warn').mockReturnValue();

const server = await sharedServer();
const baseUrl = `${server.url}/v5`;
const humanloop = new HumanloopClient({ apiKey: server.key, baseUrl });
const agents = agentsClient(baseUrl, server.key);

const ids: string[] = [];
let fileId = '';
for (let n = 1; n <= 3; n++) {
  const suspended = await agents.call({
    path: tellerAgent.path,
    agent: tellerAgent.spec,
    messages: [{ role: 'user', content: question }],
  });
  const log = await agents.continueCall({
    log_id: suspended.id,
    messages: [{ role: 'tool', tool_call_id: 'call_1_1', content: balance }],
  });
  fileId = log.agent.id;
  ids.unshift(log.id);
}

test('it lists the logs of an agent, page by page to the end, newest first', async () => {
  const page = await humanloop.logs.list({ fileId, size: 2 });
  expect(page.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  // It never looks at `total`: it asks for one page after the other until one is empty.
  const listed = await Array.fromAsync(page);
  expect(listed.map(({ id }) => id)).toEqual(ids);
  expect(listed[0]).toMatchObject({
    output: expect.stringContaining('1250.75'),
    agent: { path: tellerAgent.path },
    log_status: 'complete',
  });
});

test('its filters arrive, and those that the server does not know do no harm', async () => {
  const page = await humanloop.logs.list({
    fileId,
    page: 1,
    size: 1,
    search: '',
    includeTraceChildren: true,
    inTraceFilter: [true, false],
  });
  expect(page.data.map(({ id }) => id)).toEqual(ids.slice(0, 1));
});

test('its error has the status and the body of the answer', async () => {
  await expect(humanloop.logs.list({ fileId: 'ag_none' })).rejects.toMatchObject({
    statusCode: 404,
    body: { detail: 'There is no file `ag_none`.', code: 'file_not_found' },
  });
  const unknown = new HumanloopClient({ apiKey: 'not a key', baseUrl });
  const error = await unknown.logs.list({ fileId }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HumanloopError);
  expect(error).toMatchObject({ statusCode: 401, body: { detail: expect.any(String) } });
});

test('a request that does not fit is its UnprocessableEntityError, with the faults listed', async () => {
  await expect(humanloop.logs.list({ fileId, page: 0 })).rejects.toMatchObject({
    statusCode: 422,
    body: {
      detail: [{ loc: ['query', 'page'], msg: expect.any(String), type: expect.any(String) }],
    },
  });
});

test('it deletes logs', async () => {
  await humanloop.logs.delete({ id: ids.slice(1) });
  const left = await Array.fromAsync(await humanloop.logs.list({ fileId }));
  expect(left.map(({ id }) => id)).toEqual(ids.slice(0, 1));
});

test('its key is taken from X-API-KEY, in any case, or as a bearer token', async () => {
  const path = `${server.url}/v5/agents`;
  const named: Record<string, string>[] = [
    { 'X-API-KEY': server.key },
    { 'x-api-key': server.key },
    { Authorization: `Bearer ${server.key}` },
  ];
  for (const headers of named) expect((await fetch(path, { headers })).status).toBe(200);
  expect((await fetch(path)).status).toBe(401);
});

test('a slash too many between its base address and a path is passed over', async () => {
  const client = new HumanloopClient({ apiKey: server.key, baseUrl: `${server.url}//v5/` });
  expect((await client.logs.list({ fileId })).data).toHaveLength(1);
});

test('its base address may be given as its environment', async () => {
  const client = new HumanloopClient({ apiKey: server.key, environment: baseUrl });
  expect((await client.logs.list({ fileId })).data).toHaveLength(1);
});
