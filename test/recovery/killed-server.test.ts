import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerTo } from '../support/agents.ts';
import { type EventReader, rejoined, streamed } from '../support/event-reader.ts';
import { isRunning } from '../support/processes.ts';
import { type Server, testServers } from '../support/server.ts';
import { onTestModel, say, silence, testModel } from './model.ts';

const patience = { timeout: 25_000, interval: 20 };

const model = await testModel();
const servers = testServers();
const dataDir = await servers.newDataFolder();
const env = { ...model.env, RUN_LEASE_SECONDS: '3' };
let one = await servers.start({ dataDir, env });
const { key } = one;
let two = await servers.start({ dataDir, env, key });

/** A turn after which the run goes on by itself: the server refuses a tool that is not there. */
const refused = { toolCalls: [{ id: 'call_refused', name: 'nothing' }] };
const asking = { toolCalls: [{ id: 'call_asked', name: 'lookup', arguments: { key: 'k' } }] };

/** A call of a Python tool that takes so many seconds. */
const sleeping = (n: number) => ({
  toolCalls: [{ id: 'call_slow', name: 'slowly', arguments: { n } }],
});

const typesOf = ({ events }: EventReader) => events.map(({ type }) => type);

const callOf = (logId: string, more: Record<string, unknown> = {}) => ({
  path: `killed/${logId}`,
  agent: onTestModel(more),
  messages: say(logId),
  log_id: logId,
});

/** Waits for an answer of a server that is going to be killed: its connection breaks. */
const breaking = (answer: Promise<unknown>) => expect(answer).rejects.toThrow('fetch failed');

describe('a run whose server is killed', { timeout: 60_000 }, () => {
  let slowly: unknown;
  beforeAll(async () => {
    const parameters = { type: 'object', properties: { n: { type: 'number' } } };
    const { body } = await one.post('/v5/tools', {
      path: 'slowly',
      function: { name: 'slowly', description: 'Takes its time.', parameters },
      source_code: 'import time\n\ndef slowly(n=1):\n    time.sleep(n)\n    return "slept"\n',
    });
    slowly = { type: 'file', link: { file_id: body.id }, on_agent_call: 'continue' };
    // So that a sandbox is there when the run needs one.
    const call = { path: 'slowly', inputs: { n: 0 } };
    expect((await two.post('/v5/tools/call', call)).body).toMatchObject({ output: 'slept' });
  });

  test('during a model call goes on elsewhere with that call, and makes no finished one again', async () => {
    const logId = 'in-model-call';
    model.playFirst(1, () => silence, [refused, { text: 'Finished elsewhere.' }]);
    const broken = breaking(one.post('/v5/agents/call', callOf(logId)));
    await expect.poll(() => model.asked(logId), patience).toEqual([0, 1]);
    await one.kill('SIGKILL');
    await broken;

    // As a client does whose connection broke: it asks again, with the same `log_id`.
    const { status, body } = await two.post('/v5/agents/call', callOf(logId));
    expect(status).toBe(200);
    expect(body).toMatchObject({ output: 'Finished elsewhere.', log_status: 'complete' });
    expect(body.turns).toHaveLength(2);
    expect(model.asked(logId)).toEqual([0, 1, 1]);
    const [, before, after] = model.bodies(logId);
    expect(after).toEqual(before);
  });

  test('during a tool call goes on at the next start with the same call, and its sandbox ends with it', async () => {
    const logId = 'in-tool-call';
    model.play([sleeping(1.5), { text: 'Slept.' }]);
    const stream = await streamed(two, '/v5/agents/call', callOf(logId, { tools: [slowly] }));
    await expect.poll(() => typesOf(stream), patience).toContain('tool_start');
    const sandboxes = await sandboxesOf(two);
    await two.kill('SIGKILL');
    expect(await stream.end).toBe('cut_off');
    await expect.poll(() => sandboxes.filter(isRunning), patience).toEqual([]);

    one = await servers.start({ dataDir, env, key });
    const end = await rejoined(one, logId, stream.last);
    expect(await end.end).toBe('done');
    expect(end.events.at(-1)).toMatchObject({
      type: 'agent_turn_end',
      payload: { output: 'Slept.', log_status: 'complete' },
    });
    expect(model.asked(logId)).toEqual([0, 1]);
    const children = await one.sql(
      `SELECT tool_call_id, output FROM log WHERE trace_parent_id = '${logId}'`,
    );
    expect(children).toEqual([{ tool_call_id: 'call_slow', output: 'slept' }]);
  });

  test('in an orderly way during a tool call goes on elsewhere with that call, which knows nothing of it', async () => {
    const logId = 'stopped-in-tool-call';
    model.play([sleeping(1.5), { text: 'Slept.' }]);
    two = await servers.start({ dataDir, env, key });
    const stream = await streamed(one, '/v5/agents/call', callOf(logId, { tools: [slowly] }));
    await expect.poll(() => typesOf(stream), patience).toContain('tool_start');
    await one.kill('SIGTERM');
    expect(await stream.end).toBe('to_be_continued');
    const { body } = await two.post('/v5/agents/call', callOf(logId, { tools: [slowly] }));
    expect(body).toMatchObject({ output: 'Slept.', log_status: 'complete' });
    expect(body.messages.at(-1)).toMatchObject({ tool_call_id: 'call_slow', content: 'slept' });
    expect(model.asked(logId)).toEqual([0, 1]);
  });

  test('of a fork goes on elsewhere with the turns that it has from another log, and pays none of them', async () => {
    const logId = 'forked';
    model.play([refused, refused, { text: 'The original.' }]);
    const { body: log } = await two.post('/v5/agents/call', callOf(logId));
    expect(log.turns).toHaveLength(3);
    one = await servers.start({ dataDir, env, key });
    model.playFirst(2, () => silence, [refused, refused, { text: 'The fork.' }]);
    const fork = { turn: 3, log_id: 'the-fork' };
    const broken = breaking(two.post(`/v5/logs/${logId}/fork`, fork));
    await expect.poll(() => model.asked(logId), patience).toEqual([0, 1, 2, 2]);
    await two.kill('SIGKILL');
    await broken;
    const { status, body } = await one.post(`/v5/logs/${logId}/fork`, fork);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'the-fork',
      output: 'The fork.',
      forked_from: { log_id: logId, turn: 3 },
      prompt_tokens: log.turns[2].input_tokens,
    });
    expect(body.turns).toHaveLength(3);
    expect(model.asked(logId)).toEqual([0, 1, 2, 2, 2]);
    const [, , , before, after] = model.bodies(logId);
    expect(after).toEqual(before);
    two = one;
  });

  test('of a fork that answers what a log waits for goes on elsewhere with the answers, and the log waits on', async () => {
    const logId = 'waiting';
    model.playFirst(1, () => silence, [asking, { text: 'It is 43.' }]);
    await two.post('/v5/agents/call', callOf(logId));
    one = await servers.start({ dataDir, env, key });
    const messages = [answerTo('call_asked', '43')];
    const fork = { turn: 2, log_id: 'the-answered-fork', messages };
    const broken = breaking(two.post(`/v5/logs/${logId}/fork`, fork));
    await expect.poll(() => model.asked(logId), patience).toEqual([0, 1]);
    await two.kill('SIGKILL');
    await broken;
    const { status, body } = await one.post(`/v5/logs/${logId}/fork`, fork);
    expect(status).toBe(200);
    expect(body).toMatchObject({ output: 'It is 43.', log_status: 'complete' });
    expect(body.messages.at(-1)).toEqual(messages[0]);
    expect(model.asked(logId)).toEqual([0, 1, 1]);
    expect((await one.get(`/v5/logs/${logId}`)).body.run.state).toBe('suspended');
    await one.post(`/v5/logs/${logId}/cancel`, {});
    two = one;
  });

  test('while it waits for its client waits on, and is continued on another server', async () => {
    const logId = 'suspended';
    model.play([asking, { text: 'It is 42.' }]);
    const { body: suspended } = await two.post('/v5/agents/call', callOf(logId));
    expect(suspended).toMatchObject({ log_status: 'incomplete' });
    one = await servers.start({ dataDir, env, key });
    await two.kill('SIGKILL');
    const messages = [answerTo('call_asked', '42')];
    const { status, body } = await one.post('/v5/agents/continue', { log_id: logId, messages });
    expect(status).toBe(200);
    expect(body).toMatchObject({ output: 'It is 42.', log_status: 'complete' });
    expect(model.asked(logId)).toEqual([0, 1]);
  });

  test('in the middle of a stream tells on from there to who rejoins it elsewhere', async () => {
    two = await servers.start({ dataDir, env, key });
    const logId = 'in-stream';
    const text = ['one ', 'two ', 'three ', 'four'];
    model.playFirst(0, () => ({ text, stallAfter: 900 }), [{ text }]);
    const stream = await streamed(one, '/v5/agents/call', callOf(logId));
    const follower = await rejoined(two, logId);
    const words = () => follower.events.filter(({ type }) => type === 'agent_update');
    await expect.poll(() => words().length, patience).toBeGreaterThan(0);
    await one.kill('SIGKILL');
    expect(await stream.end).toBe('cut_off');

    const rest = await rejoined(two, logId, stream.last);
    expect([await rest.end, await follower.end]).toEqual(['done', 'done']);
    for (const events of [[...stream.events, ...rest.events], follower.events]) {
      const ids = events.map(({ id }) => id ?? 0);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
      // The model call that was cut off was made again: what it said counts.
      const again = events.slice(events.findLastIndex(({ type }) => type === 'agent_start'));
      const said = again.filter(({ type }) => type === 'agent_update');
      expect(said.map(({ payload }) => payload.output).join('')).toBe('one two three four');
      expect(events.at(-1)).toMatchObject({
        type: 'agent_turn_end',
        payload: { output: 'one two three four' },
      });
    }
    expect(model.asked(logId)).toEqual([0, 0]);
  });

  test('together with Postgres goes on at the next start, from the last step that was finished', async () => {
    const logId = 'with-postgres';
    model.playFirst(1, () => silence, [refused, { text: 'Back again.' }]);
    const broken = breaking(two.post('/v5/agents/call', callOf(logId)));
    await expect.poll(() => model.asked(logId), patience).toEqual([0, 1]);
    process.kill((await two.postgresPid()) ?? 0, 'SIGKILL');
    await two.kill('SIGKILL');
    await broken;
    one = await servers.start({ dataDir, env, key });
    const { body } = await one.post('/v5/agents/call', callOf(logId));
    expect(body).toMatchObject({ output: 'Back again.', log_status: 'complete' });
    expect(model.asked(logId)).toEqual([0, 1, 1]);
  });

  test('can be cancelled elsewhere, before its lease has run out or after', async () => {
    const logId = 'cancelled';
    model.play([silence]);
    two = await servers.start({ dataDir, env, key });
    const broken = breaking(one.post('/v5/agents/call', callOf(logId)));
    await expect.poll(() => model.asked(logId), patience).toEqual([0]);
    await one.kill('SIGKILL');
    await broken;
    const cancelled = { log_status: 'complete', error: 'cancelled', output: null };
    const { status, body } = await two.post(`/v5/logs/${logId}/cancel`, {});
    expect({ status, body }).toMatchObject({ status: 200, body: cancelled });
    expect((await two.post('/v5/agents/call', callOf(logId))).body).toMatchObject(cancelled);
  });

  test('leaves nothing behind: no run is under way, and no process stays when the last server stops', async () => {
    expect(await two.sql('SELECT log_id, state FROM run')).toEqual([]);
    const postgres = await two.postgresPid();
    const children = childrenOf(two);
    expect(await two.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    await expect.poll(() => [postgres, ...children].filter(isRunning), patience).toEqual([]);
  });
});

/** The processes in which a server runs Python. */
async function sandboxesOf(server: Server): Promise<readonly number[]> {
  const postgres = await server.postgresPid();
  const sandboxes = childrenOf(server).filter((pid) => pid !== postgres);
  expect(sandboxes).not.toEqual([]);
  return sandboxes;
}

function childrenOf({ pid }: Server): readonly number[] {
  // Not `pgrep`, which answers that it has found nothing with a failure.
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}
