import { expect, test } from 'vitest';
import { callOf, hello, scripted } from '../support/agents.ts';
import { testServers } from '../support/server.ts';

const patience = { timeout: 60_000, interval: 50 };
const logsCount = 6;

const servers = testServers();
const dataDir = await servers.newDataFolder();
const env = { RUN_LEASE_SECONDS: '3' };

interface ReplayedLog {
  readonly output: string;
  readonly error: string | null;
  readonly metadata: { readonly replayed_from: string; readonly first_difference: unknown };
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly trace_children: readonly unknown[];
}

test('a replay whose server is killed goes on with recorded results, and makes each log once', {
  timeout: 120_000,
}, async () => {
  let server = await servers.start({ dataDir, env });
  const { key } = server;
  const post = async (path: string, body: unknown) => (await server.post(`/v5/${path}`, body)).body;
  const get = async (path: string) => (await server.get(`/v5/${path}`)).body;
  const clock = await post('tools', {
    path: 'replay/clock',
    function: { name: 'clock', description: 'The time.', parameters: { type: 'object' } },
    source_code: 'import time\n\ndef clock():\n    return time.time_ns()\n',
  });
  /** A version whose second model call takes so long. */
  const agent = (delay_ms: number) =>
    post('agents', {
      path: 'replay/agent',
      ...scripted([{ tool_calls: [callOf('clock')] }, { content: 'Done.', delay_ms }], {
        tools: [{ type: 'file', link: { file_id: clock.id }, on_agent_call: 'continue' }],
      }),
    });
  const { id } = await agent(0);
  const before = new Map<string, string>();
  for (let n = 0; n < logsCount; n++) {
    const log = await post('agents/call', { id, messages: hello });
    before.set(log.id, log.messages.at(-1).content);
  }

  const { version_id } = await agent(1_500);
  const evaluation = await post('evaluations', { file: { id }, evaluators: [] });
  const replays = `evaluations/${evaluation.id}/replays`;
  const { run } = await post(replays, { version: { version_id }, concurrency: 2 });
  const logged = async () =>
    (await get(`evaluations/${evaluation.id}/logs?run_id=${run.id}`)).total;
  await expect.poll(logged, patience).toBeGreaterThan(0);
  await server.kill('SIGKILL');

  server = await servers.start({ dataDir, env, key });
  const statuses = async () =>
    (await get(`evaluations/${evaluation.id}/runs`)).runs.map(
      ({ status }: { status: string }) => status,
    );
  await expect.poll(statuses, patience).toEqual(['completed', 'completed']);
  const { records } = await get(
    `evaluations/${evaluation.id}/logs?run_id=${run.id}&include_trace_children=true`,
  );
  const logs: ReplayedLog[] = records.map(({ log }: { log: ReplayedLog }) => log);
  expect(logs.map(({ metadata }) => metadata.replayed_from)).toEqual([...before.keys()]);
  for (const { output, error, metadata, messages, trace_children } of logs) {
    expect({ output, error, trace_children }).toEqual({
      output: 'Done.',
      error: null,
      trace_children: [],
    });
    expect(metadata.first_difference).toBeNull();
    expect(messages.at(-1)?.content).toBe(before.get(metadata.replayed_from));
  }
  expect((await get(`logs?file_id=${clock.id}`)).total).toBe(logsCount);
  expect((await get(`logs?file_id=${id}&size=0`)).total).toBe(2 * logsCount);
});
