import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { type NumberedEvent, testApp, withoutCounters } from '../support/app.ts';

const api = await testApp();

const typesOf = (events: readonly NumberedEvent[]) => events.map(({ type }) => type);

test('a stream tells of a run from its start through its words to its end', async () => {
  const events = await api.stream('/agents/call', {
    path: 'stream/plain',
    agent: scripted([{ content: 'One two three.' }]),
    messages: hello,
  });
  expect(typesOf(events)).toEqual([
    'agent_turn_start',
    'agent_start',
    ...['agent_update', 'agent_update', 'agent_update'],
    'agent_end',
    'agent_turn_end',
  ]);
  const logId = events[0]?.log_id;
  const deltas = events.filter(({ type }) => type === 'agent_update');
  expect(deltas.map(({ payload }) => payload.output)).toEqual(['One ', 'two ', 'three.']);
  for (const { payload, log_id } of deltas) {
    expect(log_id).toBe(logId);
    expect(payload).toMatchObject({
      id: logId,
      agent_id: expect.stringMatching(/^ag_/),
      version_id: expect.stringMatching(/^agv_/),
      output_message: null,
    });
  }
  expect(events.at(-2)?.payload).toMatchObject({
    id: logId,
    output: 'One two three.',
    output_message: { role: 'assistant', content: 'One two three.' },
    finish_reason: 'stop',
  });
  const last = events.at(-1)?.payload;
  expect(last).toMatchObject({ id: logId, output: 'One two three.', log_status: 'complete' });
  // With these beside it, a log would be taken for a piece of a stream.
  expect(last).not.toHaveProperty('agent_id');
  expect(last).not.toHaveProperty('version_id');
});

test('events are numbered from 1 without a gap, on through every continue', async () => {
  const first = await api.stream('/agents/call', {
    path: 'stream/numbered',
    agent: scripted([{ content: 'a b', tool_calls: [callOf('lookup')] }, { content: 'c d' }]),
    messages: hello,
  });
  expect(first.at(-1)?.type).toBe('agent_turn_suspend');
  const suspended = first.at(-1)?.payload;
  expect(suspended).toMatchObject({
    log_status: 'incomplete',
    previous_agent_message: { tool_calls: [{ id: 'call_1_1' }] },
  });
  const second = await api.stream('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(typesOf(second)).toEqual([
    'agent_turn_continue',
    'agent_start',
    ...['agent_update', 'agent_update'],
    'agent_end',
    'agent_turn_end',
  ]);
  const numbers = [...first, ...second].map(({ id }) => id);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

test('a streamed run leaves the same log as one that is not', async () => {
  const request = {
    path: 'stream/same',
    agent: scripted([{ content: 'Same words.', reasoning: 'Hm.' }]),
    messages: hello,
  };
  const events = await api.stream('/agents/call', request);
  const { body: plain } = await api.post('/agents/call', request);
  const { body: streamed } = await api.get(`/logs/${events[0]?.log_id}`);
  for (const field of ['output', 'output_message', 'messages', 'prompt_tokens', 'output_tokens']) {
    expect(streamed[field]).toEqual(plain[field]);
  }
  expect(streamed.turns[0].first_token_at).not.toBeNull();
});

test('every line of a stream is ASCII, and no event holds the mark of its end', async () => {
  const content = 'Grüße [DONE] data: 你好 🎉';
  const { body, headers, statusCode } = await api.post('/agents/call', {
    path: 'stream/odd',
    agent: scripted([{ content }]),
    messages: hello,
    stream: true,
  });
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(headers['cache-control']).toBe('no-cache');
  expect(Buffer.byteLength(body)).toBe(body.length);
  expect(body.split('[DONE]')).toHaveLength(2);
  expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('a provider that fails on the first call ends the stream with an error event', async () => {
  const events = await api.stream('/agents/call', {
    path: 'stream/failing',
    agent: scripted([{ error: { status: 400, message: 'No such model.' } }]),
    messages: hello,
  });
  expect(typesOf(events)).toEqual(['agent_turn_start', 'agent_start', 'agent_turn_error']);
  expect(events.at(-1)).toMatchObject({
    message: expect.stringContaining('No such model.'),
    payload: { error: expect.stringContaining('No such model.'), log_status: 'complete' },
  });
});

test('what can be refused before the first event is an ordinary error', async () => {
  const { statusCode, body } = await api.post('/agents/call', {
    path: 'stream/nowhere',
    messages: hello,
    stream: true,
  });
  expect(statusCode).toBe(404);
  expect(body).toMatchObject({ code: 'file_not_found', detail: expect.any(String) });
});

test('two readers of one run see the same events', async () => {
  const request = {
    path: 'stream/shared',
    agent: scripted([{ content: 'one two three four', word_delay_ms: 20 }]),
    messages: hello,
    log_id: 'shared-stream',
  };
  const [first, second] = await Promise.all([
    api.stream('/agents/call', request),
    api.stream('/agents/call', request),
  ]);
  expect(withoutCounters(second)).toEqual(withoutCounters(first));
});

test('a run goes on when the client that called it has gone', async () => {
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const gone = new AbortController();
  const response = await fetch(`${address}/v5/agents/call`, {
    method: 'POST',
    signal: gone.signal,
    headers: { 'x-api-key': 'a-key-for-tests-only', 'content-type': 'application/json' },
    body: JSON.stringify({
      path: 'stream/left',
      agent: scripted([{ content: 'one two three four five', word_delay_ms: 30 }]),
      messages: hello,
      log_id: 'left-alone',
      stream: true,
    }),
  });
  expect(response.status).toBe(200);
  gone.abort();
  await expect
    .poll(async () => (await api.get('/logs/left-alone')).body, { timeout: 10_000 })
    .toMatchObject({ log_status: 'complete', output: 'one two three four five' });
});
