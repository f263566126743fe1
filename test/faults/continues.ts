import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { clientAnswer } from './conversation-check.ts';
import { keyHeader, requestRun } from './request-run.ts';
import { type Answered, patienceMs, persist, type Reply } from './requests.ts';
import type { Choice } from './script.ts';
import type { Session } from './session.ts';
import { pendingCalls } from './story.ts';
import { isQuiet, waitingLogBelow } from './waiting-logs.ts';

const path = '/v5/agents/continue';

/** Continues an interrupted run with the keys that it lacks. */
export async function bringKeys(session: Session): Promise<void> {
  const { story, tally, keys } = session;
  tally.add('continues with keys');
  const body = { log_id: story.logId, messages: [], ...keys };
  return requestRun(session, { path, body, key: session.newKey() });
}

/** Answers the calls that a run waits for: once, or twice at the same moment. */
export async function answer(session: Session, how: Choice): Promise<void> {
  const { story, tally } = session;
  const pending = pendingCalls(story);
  const body = (variant: number) => continueWith(session, story.logId, pending, variant);
  tally.add('continues');
  const key = session.newKey();
  switch (how) {
    case 'twice':
      tally.add('continues sent twice');
      return atOnce(session, [body(1), body(1)], undefined);
    case 'keyed':
      tally.add('continues sent twice with one key');
      return atOnce(session, [body(1), body(1)], key);
    case 'rivals':
      tally.add('continues with a rival');
      return atOnce(session, [body(1), body(2)], undefined);
    default:
      return requestRun(session, { path, body: body(1), key });
  }
}

function continueWith(
  { keys }: Session,
  logId: string,
  pending: readonly string[],
  variant: number,
): object {
  return {
    log_id: logId,
    messages: pending.map((id) => ({
      role: 'tool',
      tool_call_id: id,
      content: clientAnswer(id, variant),
    })),
    ...keys,
  };
}

/** Sends two continues at the same moment to different servers; equal ones have one effect. */
async function atOnce(
  session: Session,
  bodies: readonly object[],
  key: string | undefined,
): Promise<void> {
  const { world, tally, story } = session;
  const first = session.next();
  const asked = bodies.map((body) => ({
    method: 'POST' as const,
    path,
    body,
    headers: keyHeader(key),
  }));
  const replies = await Promise.all(
    asked.map((each, index) => persist(world, tally, first + index, each)),
  );
  const refused = replies.filter((reply) => reply.status !== 200 && !session.isGone(reply));
  const isDisturbed = replies.some(({ attempts }) => attempts > 1) || story.cancel !== 'none';
  // A late continue, e.g. to a server that was frozen, finds that the run has continued: 409 or
  // 422.
  const isExpected = refused.every(({ body }) => {
    const isRace = ['continue_under_way', 'not_suspended', 'invalid'].includes(body?.code);
    return isRace || isOfProvider(body);
  });
  const isTaken = refused.length < 2 || isDisturbed || isOfProvider(refused[0]?.body);
  if (!isExpected || !isTaken) for (const reply of refused) session.refused(reply);
  if (key !== undefined) requireOneAnswer(session, replies);
  await catchUp(session);
  await session.poll();
}

/** Checks that requests with one key get one answer, once one of them has succeeded. */
function requireOneAnswer({ tally, story }: Session, replies: readonly Answered[]): void {
  const done = replies.find(({ status }) => status === 200);
  if (!done || story.deletion !== 'none') return;
  for (const { status, body } of replies) {
    if (status === 200 && isDeepStrictEqual(body, done.body)) continue;
    tally.violation(
      `log ${story.logId}: of two continues with one key, one was answered ${status} ${JSON.stringify(body).slice(0, 300)}`,
    );
  }
}

function isOfProvider(body: Reply['body']): boolean {
  return String(body?.code).startsWith('provider_');
}

/** Reads the events that were missed during requests without a stream. */
async function catchUp(session: Session): Promise<void> {
  const { story, dice } = session;
  const reader = story.readers.find(({ isOfCaller }) => isOfCaller);
  if (reader && story.save) await reader.follow(session.next(), dice);
}

/**
 * Answers a nested agent that waits, through its own log. The agents above it then continue by
 * themselves.
 *
 * @returns false when none waits.
 */
export async function answerChild(session: Session): Promise<boolean> {
  const { world, tally, story } = session;
  const child = await waitingLogBelow(world, story.logId);
  if (!child) return false;
  tally.add('continues of nested agents');
  story.hasAnsweredBelow = true;
  const body = continueWith(session, child.id, child.pending, 1);
  const reply = await session.ask({ method: 'POST', path, body });
  const isRepeat = reply.attempts > 1 || story.cancel !== 'none';
  // When the first attempt has continued the run, it may wait for keys by now, and refuses answers.
  const isLate = reply.status === 409 || (story.bringsKeys && reply.body?.code === 'invalid');
  const isAnswered = reply.status === 200 || isOfProvider(reply.body) || session.isGone(reply);
  if (!isAnswered && !(isLate && isRepeat)) session.refused(reply);
  await untilQuiet(session);
  await catchUp(session);
  await session.poll();
  return true;
}

/** Waits until everything has ended that the nested agent's end set in motion. */
async function untilQuiet({ world, story }: Session): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await isQuiet(world, story.logId))) {
    if (performance.now() > giveUpAt) {
      throw new Error(`The agents of log ${story.logId} did not go on within a minute.`);
    }
    await sleep(100);
  }
}
