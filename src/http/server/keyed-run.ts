import type { FastifyReply } from 'fastify';
import type { Caller } from '../../accounts/authenticate.ts';
import type {
  Answered,
  Claim,
  KeyedRequest,
  KeyedRequests,
} from '../../idempotency/keyed-requests.ts';
import { newId } from '../../kernel/ids.ts';
import { isRunFailure } from '../routes/run-failure.ts';
import { answerTo } from './error-response.ts';
import { type Handling, markRepeat, sendAnswer } from './keyed-answer.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Of a write that waits for a run, and so is not one transaction: whether it begins the run,
     * under the `log_id` of its body, or finds it.
     */
    readonly run?: 'new' | 'known';
  }

  interface FastifyRequest {
    /** Of a request with a key, what is known of its going on with a run. */
    goingOn?: GoingOn;
  }
}

/** Whether a request, or one that it repeats, has gone on with its run. */
export interface GoingOn {
  /** Whether an equal request had the key before. */
  readonly isRepeat: boolean;
  /** How many events the run had told before; null: it has not been gone on with. */
  readonly eventsBefore: number | null;
  /** To be called when it has, before anything is answered. */
  begun(eventsBefore: number): Promise<void>;
}

/**
 * Answers a request that waits for a run. A run is written step by step, so the key is taken before
 * it begins, and with it the id of its log: a repeat joins the run that has this id, or begins it
 * after all. What it answers in the end is kept; streams are told again from the log.
 */
export async function answerRun(
  keyed: KeyedRequests,
  named: KeyedRequest,
  handling: Handling,
): Promise<FastifyReply> {
  const { request, reply } = handling;
  const { stream } = (request.body ?? {}) as RunBody;
  // Streams are not shared: each client needs a stream of its own.
  if (stream) {
    const answered = await answerClaimed(keyed, named, handling);
    return answered ? sendAnswer(reply, answered) : reply;
  }
  const answered = await keyed.shareAnswer(request.caller.workspace, named, async () => {
    const answered = await answerClaimed(keyed, named, handling);
    if (!answered) throw new Error(`${request.routeOptions.url} has sent an answer by itself.`);
    return answered;
  });
  return sendAnswer(reply, answered);
}

interface RunBody {
  readonly log_id?: string | null;
  readonly stream?: boolean | null;
}

/** @returns undefined when a stream has been sent. */
async function answerClaimed(
  keyed: KeyedRequests,
  named: KeyedRequest,
  { request, reply, handle }: Handling,
): Promise<Answered | undefined> {
  const { workspace } = request.caller;
  const body = request.body as RunBody | undefined;
  const isNew = request.routeOptions.config.run === 'new';
  const chosenId = isNew && !body?.log_id ? newId('log') : null;
  for (;;) {
    const claim = await keyed.claim(workspace, named, chosenId);
    const { answer: before, isRepeat, eventsBefore } = claim;
    if (before) return { answer: before, isRepeat };
    const logId = isNew ? (body?.log_id ?? claim.logId) : null;
    if (logId !== null) request.body = { ...body, log_id: logId };
    request.goingOn = {
      isRepeat,
      eventsBefore,
      begun: (eventsBefore) => keyed.noteContinued(workspace, claim, eventsBefore),
    };
    if (isRepeat) markRepeat(reply);
    try {
      const answer = await handle();
      if (!answer) return undefined;
      return { answer: await keyed.keep(workspace, claim, answer), isRepeat };
    } catch (error) {
      if (reply.raw.headersSent) throw error;
      // If an equal request was faster, that is why this one failed: try again to find its answer.
      if (await keyed.hasChanged(workspace, claim)) continue;
      await settle(keyed, workspace, claim, error);
      throw error;
    }
  }
}

/** Keeps the failure of a run as its answer. A request that was refused leaves its key free. */
async function settle(
  keyed: KeyedRequests,
  workspace: Caller['workspace'],
  claim: Claim,
  error: unknown,
): Promise<void> {
  const { status, code, detail } = answerTo(error);
  if (isRunFailure(error)) {
    const body = JSON.stringify({ detail, code });
    await keyed.keep(workspace, claim, { status, headers: {}, body });
  } else if (status !== 503) {
    // After a 503 the key stays taken, because another server may go on with the run.
    await keyed.free(workspace, claim);
  }
}
