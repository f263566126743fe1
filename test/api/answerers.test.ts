import { expect, test } from 'vitest';
import type { Span } from '../../src/contract/spans.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { newMember, newOwner, type Person } from '../support/people.ts';
import { send } from '../support/refusals.ts';

const api = await testApp();
const maya = await newOwner(api, 'maya@example.com');
const tom = await newMember(api, 'editor', 'tom@example.com');

/** A run that waits for the result of one call. */
async function waiting(
  logId: string,
  last: Record<string, unknown> = { content: 'Done.' },
  more: object = {},
) {
  const { body } = await api.post('/agents/call', {
    path: 'answerers',
    agent: scripted([{ tool_calls: [callOf('lookup')] }, last]),
    messages: hello,
    log_id: logId,
    ...more,
  });
  expect(body.log_status).toBe('incomplete');
}

const answer = (log_id: string, content: string) => ({
  log_id,
  messages: [answerTo('call_1_1', content)],
});

/** Answers as a program. */
const answerWith = (key: string, logId: string) =>
  send(api, 'POST', '/v5/agents/continue', JSON.stringify(answer(logId, '42')), {
    'x-api-key': key,
  });

async function callSpan(logId: string): Promise<Span> {
  const { body } = await api.get(`/logs/${logId}/spans`);
  return body.spans.find(({ kind }: Span) => kind === 'call');
}

const person = ({ memberId, email }: Person, full_name: string) => ({
  id: memberId,
  email_address: email,
  full_name,
});

test('the span of a call says which member answered it, and when', async () => {
  await waiting('by-maya');
  expect(await callSpan('by-maya')).toMatchObject({ answered_at: null, answerer: null });
  const before = new Date().toISOString();
  const { statusCode } = await maya.send('POST', '/agents/continue', answer('by-maya', '42'));
  expect(statusCode).toBe(200);
  const span = await callSpan('by-maya');
  expect(span).toMatchObject({
    answered_by: 'client',
    answerer: { member: person(maya, 'Ada'), api_key: null },
  });
  expect(Date.parse(span.answered_at ?? '')).toBeGreaterThanOrEqual(Date.parse(before) - 1_000);
  expect((span.answered_at ?? '') <= (span.ended_at ?? '')).toBe(true);
});

test('a program is known by its key: with its member, or alone if the key is the server’s own', async () => {
  await waiting('by-server');
  await api.post('/agents/continue', answer('by-server', '42'));
  const { answerer } = await callSpan('by-server');
  expect(answerer).toEqual({
    member: null,
    api_key: { id: expect.any(String), name: expect.any(String) },
  });

  const { body: made } = await tom.send('POST', '/api-keys', { name: 'night shift' });
  await waiting('by-program');
  await answerWith(made.key, 'by-program');
  expect(await callSpan('by-program')).toMatchObject({
    answerer: { member: person(tom, 'editor'), api_key: { id: made.id, name: 'night shift' } },
  });
  // Whoever replaces a key answers as the key.
  const { body: next } = await tom.send('POST', `/api-keys/${made.id}/rotate`, {});
  await waiting('by-next');
  await answerWith(next.key, 'by-next');
  expect((await callSpan('by-next')).answerer?.api_key?.id).toBe(made.id);
});

test('a run that stores no payloads says it as well', async () => {
  await waiting('unsaved', undefined, { save: false });
  await maya.send('POST', '/agents/continue', answer('unsaved', '42'));
  const { rows } = await api.database.pool.query(
    `SELECT continued_by, continuation FROM turn WHERE log_id = 'unsaved' AND continued_at IS NOT NULL`,
  );
  expect(rows).toEqual([{ continued_by: maya.memberId, continuation: null }]);
});

test('of two who answer at once, the one who is late is told who was first', async () => {
  await waiting('race', { content: 'Slowly.', delay_ms: 300 });
  const [a, b] = await Promise.all([
    maya.send('POST', '/agents/continue', answer('race', 'from Maya')),
    tom.send('POST', '/agents/continue', answer('race', 'from Tom')),
  ]);
  const [late, first] =
    a.statusCode === 200 ? [b, person(maya, 'Ada')] : [a, person(tom, 'editor')];
  expect((await callSpan('race')).answerer).toEqual({ member: first, api_key: null });
  expect(late).toMatchObject({
    statusCode: 409,
    body: {
      code: 'continue_under_way',
      detail: `Log \`race\` is already being continued by ${first.full_name} with different messages.`,
    },
  });
});

test('what no client answered has no answerer', async () => {
  await waiting('cancelled');
  await api.post('/logs/cancelled/cancel');
  expect(await callSpan('cancelled')).toMatchObject({ answered_at: null, answerer: null });
});
