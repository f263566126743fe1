import type { FastifyReply } from 'fastify';
import type { Caller } from '../../accounts/callers.ts';
import type {
  Answered,
  Claim,
  KeyedRequest,
  KeyedRequests,
} from '../../idempotency/keyed-requests.ts';
import { newId } from '../../kernel/ids.ts';
import { failedLogOf } from '../routes/run-failure.ts';
import { answerTo } from './error-response.ts';
import { type Handling, markRepeat, sendAnswer } from './keyed-answer.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * For a write that waits for a run, and therefore is not one transaction. `new`: it starts the
     * run, with the `log_id` of its body. `known`: the run exists.
     */
    readonly run?: 'new' | 'known';
  }

  interface FastifyRequest {
    /** For a request with a key: whether it has already continued or cancelled its run. */
    earlierAttempt?: EarlierAttempt;
  }
}

/**
 * Whether a request, or an earlier one that it repeats, has already continued or cancelled its run.
 */
export interface EarlierAttempt {
  /** True: an equal request came before with the same key. */
  readonly isRepeat: boolean;
  /** The number of the last event before the continue or cancel; null: neither has happened. */
  readonly eventsBefore: number | null;
  /** Records the continue or cancel. Call it before anything is answered. */
  noteBegun(eventsBefore: number): Promise<void>;
}

/**
 * Answers a request that waits for a run. A run is written step by step, so the key and the id of
 * the log are stored before the run starts. A repeat joins the run with this id, or starts it if it
 * does not exist. The final answer is stored with the key. A stream is not stored: a repeat reads
 * it from the events of the run.
 */
export async function answerRun(
  keyed: KeyedRequests,
  named: KeyedRequest,
  handling: Handling,
): Promise<FastifyReply> {
  const { request, reply } = handling;
  const { stream } = (request.body ?? {}) as RunBody;
  // Do not share streams: each client needs one of its own.
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

/** @returns undefined when a stream was sent. */
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
    request.earlierAttempt = {
      isRepeat,
      eventsBefore,
      noteBegun: (eventsBefore) => keyed.noteContinued(workspace, claim, eventsBefore),
    };
    if (isRepeat) markRepeat(reply);
    try {
      const answer = await handle();
      if (!answer) return undefined;
      return { answer: await keyed.keep(workspace, claim, answer), isRepeat };
    } catch (error) {
      if (reply.raw.headersSent) throw error;
      // Try again when an equal request was faster: this one failed because of it, and finds its
      // answer.
      if (await keyed.hasChanged(workspace, claim)) continue;
      await keepOrFree(keyed, workspace, claim, error);
      throw error;
    }
  }
}

/** Stores the failure of a run as the answer. A request that was refused frees its key. */
async function keepOrFree(
  keyed: KeyedRequests,
  workspace: Caller['workspace'],
  claim: Claim,
  error: unknown,
): Promise<void> {
  const { status, code, detail } = answerTo(error);
  const logId = failedLogOf(error);
  if (logId !== undefined) {
    const body = JSON.stringify({ detail, code, log_id: logId });
    await keyed.keep(workspace, claim, { status, headers: {}, body });
  } else if (status !== 503) {
    // Keep the key after a 503: another server may continue the run.
    await keyed.free(workspace, claim);
  }
}
