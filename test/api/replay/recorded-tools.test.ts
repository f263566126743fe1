import { describe, expect, test } from 'vitest';
import type { CallRequest } from '../../../src/contract/call.ts';
import { newId } from '../../../src/kernel/ids.ts';
import type { RecordedTools } from '../../../src/logs/log-record.ts';
import { removeLogs } from '../../../src/logs/read-logs.ts';
import { runnableAgent } from '../../../src/runtime/kinds/agent.ts';
import { startRun } from '../../../src/runtime/runs/start-run.ts';
import { answerTo, callOf, hello, lookup, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';

const api = await testApp();
const other = await testApp({ database: api.database });

/** A Python tool whose result is never the same twice. */
async function makeClock() {
  const { body } = await api.post('/tools', {
    path: 'recorded/clock',
    function: {
      name: 'clock',
      description: 'The time in a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
    source_code: 'import time\n\ndef clock(city):\n    return f"{city}: {time.time_ns()}"\n',
  });
  return { type: 'file', link: { file_id: body.id as string } };
}

// One for all tests: each tool has a Python process of its own.
const clock = await makeClock();

const clockIn = (city: string) => callOf('clock', { city });

/** Calls an agent. @returns its log, which has the tools' results. */
async function callAgent(path: string, agent: Record<string, unknown>) {
  const { body } = await api.post('/agents/call', {
    path,
    agent,
    messages: hello,
    include_trace_children: true,
  });
  return body;
}

/** Calls an agent with the results that a log has. @returns the new log. */
async function callRecorded(
  path: string,
  agent: Record<string, unknown>,
  recorded: RecordedTools,
  { logId = newId('log'), server = api }: { logId?: string; server?: typeof api } = {},
) {
  const { body: version } = await api.post('/agents', { path, ...agent });
  const request = { id: version.id, messages: hello, log_id: logId } as unknown as CallRequest;
  const called = {
    runnable: runnableAgent,
    selector: { versionId: version.version_id as string, environment: undefined },
    inlineSpec: undefined,
    serverOptions: { recorded },
  };
  const run = await startRun(
    server.runtime,
    server.workspace,
    called,
    request,
    new AbortController().signal,
  );
  await run.outcome.catch(() => undefined);
  const { body } = await api.get(`/logs/${logId}?include_trace_children=true`);
  return body;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of logs
const resultsOf = (log: any): string[] =>
  log.messages
    .filter(({ role }: { role: string }) => role === 'tool')
    .map(({ content }: { content: string }) => content);

describe('an agent with recorded tools', { timeout: 90_000 }, () => {
  test('gets the results of the earlier log, and runs no tool', async () => {
    const agent = scripted(
      [{ tool_calls: [clockIn('Oslo'), clockIn('Rome')] }, { content: 'Done.' }],
      { tools: [clock] },
    );
    const before = await callAgent('recorded/agent', agent);
    const log = await callRecorded('recorded/agent', agent, { log_id: before.id, on_miss: 'fail' });
    expect(log).toMatchObject({ output: 'Done.', error: null, log_status: 'complete' });
    expect(resultsOf(log)).toEqual(resultsOf(before));
    expect(before.trace_children).toHaveLength(2);
    expect(log.trace_children).toEqual([]);
  });

  test('gives the n-th equal call the n-th result, whatever the order of the arguments’ keys', async () => {
    const tool = {
      ...lookup,
      json_schema: { ...lookup.json_schema, parameters: { type: 'object', properties: {} } },
    };
    const script = (first: string, second: string) =>
      scripted(
        [
          { tool_calls: [callOf('lookup', first), callOf('lookup', { c: 3 })] },
          { tool_calls: [callOf('lookup', second)] },
          { content: 'Done.' },
        ],
        { tools: [tool] },
      );
    const agent = script('{"a":1,"b":[2]}', '{"a":1,"b":[2]}');
    const { id } = await callAgent('recorded/equal', agent);
    const answers = [answerTo('call_1_1', 'one'), answerTo('call_1_2', 'three')];
    await api.post('/agents/continue', { log_id: id, messages: answers });
    await api.post('/agents/continue', { log_id: id, messages: [answerTo('call_2_1', 'two')] });
    const log = await callRecorded(
      'recorded/equal',
      script('{ "b": [2.0], "a": 1 }', '{"b":[2],"a":1.0}'),
      { log_id: id, on_miss: 'fail' },
    );
    expect(log).toMatchObject({ output: 'Done.', log_status: 'complete' });
    expect(resultsOf(log)).toEqual(['one', 'three', 'two']);
  });

  test('goes on with recorded results when another server takes its run over', async () => {
    const script = (delayed: Record<string, unknown>) =>
      scripted(
        [
          { tool_calls: [clockIn('Oslo')] },
          { ...delayed, tool_calls: [clockIn('Rome')] },
          { content: 'Done.' },
        ],
        { tools: [clock] },
      );
    const before = await callAgent('recorded/taken/agent', script({}));
    const logId = 'recorded-taken';
    const calling = callRecorded(
      'recorded/taken/agent',
      script({ delay_ms: 400 }),
      { log_id: before.id, on_miss: 'fail' },
      { logId },
    );
    const isAnswered = `SELECT 1 FROM turn WHERE log_id = $1 AND results <> '[]'`;
    await expect
      .poll(async () => (await api.database.pool.query(isAnswered, [logId])).rowCount)
      .toBe(1);
    await api.database.pool.query(
      `UPDATE run SET lease_owner = 'own_dead', lease_token = lease_token + 1,
        lease_expires_at = now() - interval '1 second' WHERE log_id = $1`,
      [logId],
    );
    await calling;
    await expect.poll(async () => (await other.get(`/logs/${logId}`)).body.output).toBe('Done.');
    const log = (await api.get(`/logs/${logId}?include_trace_children=true`)).body;
    expect(resultsOf(log)).toEqual(resultsOf(before));
    expect(log.trace_children).toEqual([]);
  });
});

describe('a call for which there is no recorded result', { timeout: 90_000 }, () => {
  const differing = async (path: string, on_miss: RecordedTools['on_miss']) => {
    const calling = (...calls: unknown[]) =>
      scripted([{ tool_calls: calls }, { content: 'Done.' }], { tools: [clock, lookup] });
    const before = await callAgent(`${path}/agent`, calling(clockIn('Oslo')));
    const after = await callRecorded(`${path}/agent`, calling(clockIn('Oslo'), clockIn('Oslo')), {
      log_id: before.id,
      on_miss,
    });
    return { before, after };
  };

  test('fail: ends the run with an error', async () => {
    const { before, after } = await differing('missed/fail', 'fail');
    expect(after).toMatchObject({ output: null, log_status: 'complete', trace_children: [] });
    expect(after.error).toBe(
      `The replayed log \`${before.id}\` has no result for this call of \`clock\`: ` +
        'there the tool was not called with these arguments, or not so often.',
    );
    expect(resultsOf(after)).toEqual(resultsOf(before));
  });

  test('stop: ends the run as a stop tool does', async () => {
    const { before, after } = await differing('missed/stop', 'stop');
    expect(after).toMatchObject({
      output: null,
      error: null,
      log_status: 'complete',
      output_message: { tool_calls: [{ id: 'call_1_1' }, { id: 'call_1_2' }] },
      trace_children: [],
    });
    expect(after.stdout).toContain('The run ended at a call of `clock`');
    expect(resultsOf(after)).toEqual(resultsOf(before));
  });

  test('live: runs the tool', async () => {
    const { before, after } = await differing('missed/live', 'live');
    expect(after).toMatchObject({
      output: 'Done.',
      error: null,
      trace_children: [{ inputs: { city: 'Oslo' } }],
    });
    expect(resultsOf(after)[0]).toBe(resultsOf(before)[0]);
    expect(resultsOf(after)[1]).toBe(after.trace_children[0].output);
  });

  test.each(['fail', 'stop', 'live'] as const)(
    'a tool of the client with %s does not leave the run waiting',
    async (on_miss) => {
      const path = `missed/client-${on_miss}`;
      const before = await callAgent(path, scripted([{ content: 'Nothing to do.' }]));
      const after = await callRecorded(
        path,
        scripted([{ tool_calls: [callOf('lookup', { key: 'a' })] }]),
        { log_id: before.id, on_miss },
      );
      expect(after).toMatchObject({ output: null, log_status: 'complete' });
      expect(after.error === null).toBe(on_miss !== 'fail');
    },
  );

  test('of a tool that the earlier version did not have is not answered with its refusal', async () => {
    const script = [{ tool_calls: [callOf('lookup', { key: 'a' })] }, { content: 'Done.' }];
    const before = await callAgent('missed/refused', scripted(script, { tools: [] }));
    expect(resultsOf(before)).toEqual(['Error: there is no tool named lookup.']);
    const after = await callRecorded('missed/refused', scripted(script), {
      log_id: before.id,
      on_miss: 'stop',
    });
    expect(resultsOf(after)).toEqual([]);
  });

  test('never runs tools once the earlier log is deleted', async () => {
    const agent = scripted([{ tool_calls: [clockIn('Oslo')] }, { content: 'Done.' }], {
      tools: [clock],
    });
    const { id } = await callAgent('missed/deleted/agent', agent);
    await removeLogs(api.runtime.parts, api.workspace, [id]);
    const log = await callRecorded('missed/deleted/agent', agent, { log_id: id, on_miss: 'live' });
    expect(log).toMatchObject({ output: null, log_status: 'complete', trace_children: [] });
    expect(log.error).toContain(id);
  });
});
