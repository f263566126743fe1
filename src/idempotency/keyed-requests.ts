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

/** A request with an idempotency key. */
export interface KeyedRequest {
  readonly key: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
}

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  /** The headers that belong to the answer itself, not to the HTTP message that carries it. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; null for an answer without a body. */
  readonly body: string | null;
}

/** A key that a request holds: taken now, or found to be its own. */
export interface Claim extends KeyRow {
  /** True when an equal request had taken the key before. */
  readonly isRepeat: boolean;
  /** The first answer; undefined while there is none. */
  readonly answer: Answer | undefined;
}

/** An answer, and whether it was given before. */
export type Answered = Pick<Claim, 'isRepeat'> & { readonly answer: Answer };

/** The parts that keyed requests need. */
interface KeyedRequestsParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly logger: Logger;
}

const expiryIntervalMs = 600_000;

/**
 * Makes requests safe to repeat: equal requests with one key have one effect and one answer. Keys
 * belong to an organization, and are stored for 24 hours with the answer, encrypted.
 */
export class KeyedRequests {
  readonly #parts: KeyedRequestsParts;
  readonly #expiry: Periodic;
  /** Requests that this process is answering now, by organization and key. */
  readonly #underWay = new Map<string, UnderWay>();

  constructor(parts: KeyedRequestsParts) {
    this.#parts = parts;
    const { database, logger } = parts;
    const complaint = 'Expired idempotency keys could not be deleted.';
    this.#expiry = new Periodic(expiryIntervalMs, () => expireKeys(database), {
      logger,
      complaint,
    });
  }

  /**
   * Runs `work` for a request, unless that happened before; its effect and its answer are committed
   * together. When `work` throws, nothing was done and the key is free.
   *
   * @param work gets the workspace to write with. It may run again, after a conflict with another
   *   transaction.
   * @throws `idempotency_key_reused` (conflict) when another request holds the key.
   */
  answerInOneCommit(
    workspace: Workspace,
    request: KeyedRequest,
    work: (workspace: Workspace) => Promise<Answer>,
  ): Promise<Answered> {
    return this.shareAnswer(workspace, request, () =>
      inTransaction(workspace, async (workspace) => {
        const { answer: before, ...claim } = await this.claim(workspace, request, null);
        if (before) return { answer: before, isRepeat: true };
        const answer = await work(workspace);
        await this.keep(workspace, claim, answer);
        return { answer, isRepeat: false };
      }),
    );
  }

  /**
   * Answers a request. Equal requests that this process gets meanwhile share the answer, or the
   * error.
   */
  async shareAnswer(
    { organizationId }: Workspace,
    { key, fingerprint }: KeyedRequest,
    work: () => Promise<Answered>,
  ): Promise<Answered> {
    const place = `${organizationId} ${key}`;
    for (let other = this.#underWay.get(place); other; other = this.#underWay.get(place)) {
      if (other.fingerprint === fingerprint) return { ...(await other.answered), isRepeat: true };
      // Ignore the error: only after the other request has ended is it known whether it freed the
      // key.
      await other.answered.catch(() => undefined);
    }
    const answered = work().finally(() => this.#underWay.delete(place));
    this.#underWay.set(place, { fingerprint, answered });
    return answered;
  }

  /**
   * Takes a key for a request, or finds that the request holds it already.
   *
   * @param logId the id for the log that the request will make, if it makes one.
   * @throws `idempotency_key_reused` (conflict) when another request holds the key.
   */
  async claim(
    workspace: Workspace,
    { key, fingerprint }: KeyedRequest,
    logId: string | null,
  ): Promise<Claim> {
    const { secrets } = this.#parts;
    const contexts = sealingContexts(workspace, key);
    const sealedRequest = secrets.seal(fingerprint, contexts.request);
    for (;;) {
      const taken = await takeKey(workspace, { key, sealedRequest, logId });
      if (taken) return { ...taken, isRepeat: false, answer: undefined };
      const found = await findKey(workspace, key);
      // The key was freed between the two statements: try to take it again.
      if (!found) continue;
      if (secrets.open(found.sealedRequest, contexts.request) !== fingerprint) {
        throw idempotencyKeyReused(key);
      }
      return { ...found, isRepeat: true, answer: this.#answerIn(workspace, found) };
    }
  }

  /**
   * Stores an answer for repeats of its request.
   *
   * @returns the answer to give: another server's, if it was faster with an equal request.
   */
  async keep(workspace: Workspace, claim: KeyRow, answer: Answer): Promise<Answer> {
    const contexts = sealingContexts(workspace, claim.key);
    const sealed = this.#parts.secrets.seal(JSON.stringify(answer), contexts.answer);
    if (await putAnswer(workspace, claim, sealed)) return answer;
    const first = await findKey(workspace, claim.key);
    return first?.sealedRequest.equals(claim.sealedRequest)
      ? (this.#answerIn(workspace, first) ?? answer)
      : answer;
  }

  /**
   * Records that a request has continued a run, so that no repeat continues it again.
   *
   * @param eventsBefore how many events the run had before.
   */
  async noteContinued(workspace: Workspace, claim: KeyRow, eventsBefore: number): Promise<void> {
    await putEventsBefore(workspace, claim, eventsBefore);
  }

  /** Whether the key's row has changed since the request claimed it. */
  async hasChanged(workspace: Workspace, { key, ...claim }: Claim): Promise<boolean> {
    const found = await findKey(workspace, key);
    if (!found?.sealedRequest.equals(claim.sealedRequest)) return false;
    return found.sealedAnswer !== null || found.eventsBefore !== claim.eventsBefore;
  }

  /** Frees the key of a request that changed nothing, so that a corrected request can use it. */
  async free(workspace: Workspace, claim: KeyRow): Promise<void> {
    await freeKey(workspace, claim);
  }

  /** Stops deleting old keys. */
  stop(): Promise<void> {
    return this.#expiry.stop();
  }

  #answerIn(workspace: Workspace, { key, sealedAnswer }: FoundKey): Answer | undefined {
    if (!sealedAnswer) return undefined;
    return JSON.parse(
      this.#parts.secrets.open(sealedAnswer, sealingContexts(workspace, key).answer),
    );
  }
}

interface UnderWay {
  readonly fingerprint: string;
  readonly answered: Promise<Answered>;
}

/** What a key's values are sealed for: a value opens only in its own row and its own column. */
function sealingContexts({ organizationId }: Workspace, key: string) {
  const row = `${organizationId}/idempotency_key/${key}`;
  return { request: `request ${row}`, answer: `answer ${row}` };
}
