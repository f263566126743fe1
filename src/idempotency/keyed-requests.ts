import type { Database } from '../database/database.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import type { Logger } from '../kernel/logger.ts';
import { Periodic } from '../kernel/periodic.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import { idempotencyKeyReused } from './errors.ts';
import {
  expireKeys,
  type FoundKey,
  findKey,
  freeKey,
  type KeyRow,
  putAnswer,
  putEventsBefore,
  takeKey,
} from './key-queries.ts';

/** A request that its client gave a key. */
export interface KeyedRequest {
  readonly key: string;
  /** Equal requests have equal ones. */
  readonly fingerprint: string;
}

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  /** Headers that belong to the answer and not to the message that brings it. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; null for an answer without a body. */
  readonly body: string | null;
}

/** A key that belongs to a request: taken for it now, or found to be its own. */
export interface Claim extends KeyRow {
  /** Whether an equal request had the key before. */
  readonly isRepeat: boolean;
  /** The first answer, if it is known. */
  readonly answer: Answer | undefined;
}

/** An answer, and whether it was given before. */
export type Answered = Pick<Claim, 'isRepeat'> & { readonly answer: Answer };

/** What the keys of requests are kept with. */
interface KeyedRequestsParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly logger: Logger;
}

const expiryIntervalMs = 600_000;

/**
 * Requests that may come more than once: equal ones with one key have one effect and one answer.
 * Keys are an organization's, and are kept for 24 hours with the answer, encrypted.
 */
export class KeyedRequests {
  readonly #parts: KeyedRequestsParts;
  readonly #expiry: Periodic;
  /** Requests of this process that are being answered, by organization and key. */
  readonly #underWay = new Map<string, UnderWay>();

  constructor(parts: KeyedRequestsParts) {
    this.#parts = parts;
    const { database, logger } = parts;
    const complaint = 'Idempotency keys could not be looked over.';
    this.#expiry = new Periodic(expiryIntervalMs, () => expireKeys(database), {
      logger,
      complaint,
    });
  }

  /**
   * Does what a request wants, unless that was done before: its effect and its answer are one
   * commit. When `work` throws, nothing was done and the key is free.
   *
   * @param work is handed the workspace to write by; it may run again when its transaction met
   *   another.
   * @throws `idempotency_key_reused` (conflict) when the key belongs to another request.
   */
  answerInOneCommit(
    workspace: Workspace,
    request: KeyedRequest,
    work: (workspace: Workspace) => Promise<Answer>,
  ): Promise<Answered> {
    return this.together(workspace, request, () =>
      inTransaction(workspace, async (workspace) => {
        const { answer: before, ...claim } = await this.claim(workspace, request, null);
        if (before) return { answer: before, isRepeat: true };
        const answer = await work(workspace);
        await this.keep(workspace, claim, answer);
        return { answer, isRepeat: false };
      }),
    );
  }

  /** Answers a request; equal ones that this process gets meanwhile share the answer, or what is thrown. */
  async together(
    { organizationId }: Workspace,
    { key, fingerprint }: KeyedRequest,
    work: () => Promise<Answered>,
  ): Promise<Answered> {
    const place = `${organizationId} ${key}`;
    for (let other = this.#underWay.get(place); other; other = this.#underWay.get(place)) {
      if (other.fingerprint === fingerprint) return { ...(await other.answered), isRepeat: true };
      // Whether it leaves the key free is known when it is over.
      await other.answered.catch(() => undefined);
    }
    const answered = work().finally(() => this.#underWay.delete(place));
    this.#underWay.set(place, { fingerprint, answered });
    return answered;
  }

  /**
   * Takes a key for a request, or finds that it is its own.
   *
   * @param logId an id for the log that the request makes, if there is to be one.
   * @throws `idempotency_key_reused` (conflict) when the key belongs to another request.
   */
  async claim(
    workspace: Workspace,
    { key, fingerprint }: KeyedRequest,
    logId: string | null,
  ): Promise<Claim> {
    const { secrets } = this.#parts;
    const place = placeOf(workspace, key);
    const sealedRequest = secrets.seal(fingerprint, place.request);
    for (;;) {
      const taken = await takeKey(workspace, { key, sealedRequest, logId });
      if (taken) return { ...taken, isRepeat: false, answer: undefined };
      const found = await findKey(workspace, key);
      // It was given up in between.
      if (!found) continue;
      if (secrets.open(found.sealedRequest, place.request) !== fingerprint) {
        throw idempotencyKeyReused(key);
      }
      return { ...found, isRepeat: true, answer: this.#answerIn(workspace, found) };
    }
  }

  /**
   * Keeps an answer for the repeats of its request.
   *
   * @returns the one to give: that of an equal request, if another server was faster.
   */
  async keep(workspace: Workspace, claim: KeyRow, answer: Answer): Promise<Answer> {
    const place = placeOf(workspace, claim.key);
    const sealed = this.#parts.secrets.seal(JSON.stringify(answer), place.answer);
    if (await putAnswer(workspace, claim, sealed)) return answer;
    const first = await findKey(workspace, claim.key);
    return first?.sealedRequest.equals(claim.sealedRequest)
      ? (this.#answerIn(workspace, first) ?? answer)
      : answer;
  }

  /**
   * Notes that a request has gone on with a run: no repeat does it again.
   *
   * @param eventsBefore how many events the run had told before.
   */
  async begun(workspace: Workspace, claim: KeyRow, eventsBefore: number): Promise<void> {
    await putEventsBefore(workspace, claim, eventsBefore);
  }

  /** Whether more is known of a request than when its key was claimed. */
  async hasChanged(workspace: Workspace, { key, ...claim }: Claim): Promise<boolean> {
    const found = await findKey(workspace, key);
    if (!found?.sealedRequest.equals(claim.sealedRequest)) return false;
    return found.sealedAnswer !== null || found.eventsBefore !== claim.eventsBefore;
  }

  /** Gives up the key of a request that changed nothing: it may serve a mended one. */
  async free(workspace: Workspace, claim: KeyRow): Promise<void> {
    await freeKey(workspace, claim);
  }

  /** Stops looking for keys that are too old. */
  stop(): Promise<void> {
    return this.#expiry.stop();
  }

  #answerIn(workspace: Workspace, { key, sealedAnswer }: FoundKey): Answer | undefined {
    if (!sealedAnswer) return undefined;
    return JSON.parse(this.#parts.secrets.open(sealedAnswer, placeOf(workspace, key).answer));
  }
}

interface UnderWay {
  readonly fingerprint: string;
  readonly answered: Promise<Answered>;
}

/** What is kept of a key opens in its row alone, and there not as something else. */
function placeOf({ organizationId }: Workspace, key: string) {
  const row = `${organizationId}/idempotency_key/${key}`;
  return { request: `request ${row}`, answer: `answer ${row}` };
}
