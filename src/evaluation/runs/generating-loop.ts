import { providerOf } from '../../contract/kinds/model.ts';
import type { ProviderName } from '../../contract/providers.ts';
import { toUnavailable } from '../../database/violations.ts';
import { inTransaction, openWorkspace, type Workspace } from '../../database/workspace.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import { kindOf } from '../../files/kinds/index.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { errorFields } from '../../kernel/logger.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { askAgain } from '../replays/ask-again.ts';
import { callRequest, type GeneratedCall, recordFailedStart, startCall } from './generated-call.ts';
import { lockRuns } from './lock-queries.ts';
import {
  countCallsUnderWay,
  type GeneratedRun,
  giveBackSlots,
  listRunsToGenerate,
  reserveSlots,
} from './reservation-queries.ts';
import { clientToolsOf, concurrencyOf } from './run-options.ts';
import { beginRuns, isOverBudget } from './status-queries.ts';

/** What the loop needs of the server. */
export interface GeneratingParts {
  readonly runtime: KindRuntime;
  /** The most calls that this process makes for Runs at once. */
  readonly concurrency: number;
  /** Called when a call has ended, and its log is on disk. */
  readonly onEnd: () => void;
}

/** Milliseconds that an organization waits which has too many runs in progress. */
const waitMs = 1_000;
/**
 * For how long it is known whether a Run is over its budget: this many times as long as it took to add
 * its costs up, and at most these milliseconds. So a twentieth of the time is spent on it.
 */
const budgetShare = 20;
const longestBudgetMs = 1_000;
/** How often a call is started that fails for a reason of the server. */
const mostStarts = 5;

/**
 * Makes the logs of orchestrated Runs: reserves empty slots, and calls the Run's version for each.
 *
 * A slot and the id of its log are reserved before the call starts. The log begins in the same commit
 * that ends the reservation, so each slot gets one log, whichever process dies when. From then on the
 * call is a run like any other, and is taken over like any other.
 */
export class GeneratingLoop {
  readonly #parts: GeneratingParts;
  /** The calls that this process has reserved or follows. */
  readonly #calls = new Set<{
    readonly run: GeneratedRun;
    readonly provider: string | undefined;
  }>();
  readonly #starting = new Set<Promise<void>>();
  /** By the ids of versions. */
  readonly #providers = new Map<string, ProviderName | undefined>();
  /** By the ids of Runs. */
  readonly #budgets = new Map<string, { readonly isOver: boolean; readonly until: number }>();
  /** Organizations with too many runs, and until when they wait. */
  readonly #waiting = new Map<string, number>();
  #turn = 0;
  #isStopped = false;

  constructor(parts: GeneratingParts) {
    this.#parts = parts;
  }

  /** Starts as many calls as there is room for. Runs have their turns one after the other. */
  async look(): Promise<void> {
    if (this.#isStopped || this.#room === 0) return;
    const runs = await listRunsToGenerate(this.#parts.runtime.parts.database);
    this.#forgetOthers(runs);
    this.#turn += 1;
    const first = runs.length === 0 ? 0 : this.#turn % runs.length;
    const inTurn = [...runs.slice(first), ...runs.slice(0, first)];
    for (const [index, run] of inTurn.entries()) {
      const share = Math.ceil(this.#room / (inTurn.length - index));
      if (share > 0 && !this.#isStopped) await this.#generate(run, share);
    }
  }

  /** Forgets what is known of Runs that have no call to make. */
  #forgetOthers(runs: readonly GeneratedRun[]): void {
    const versionIds = new Set(runs.map(({ versionId }) => versionId));
    const runIds = new Set(runs.map(({ id }) => id));
    for (const id of this.#providers.keys()) if (!versionIds.has(id)) this.#providers.delete(id);
    for (const id of this.#budgets.keys()) if (!runIds.has(id)) this.#budgets.delete(id);
  }

  /** Stops starting calls. Calls in progress are left to the runtime, which hands them over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#starting);
  }

  get #room(): number {
    return Math.max(0, this.#parts.concurrency - this.#calls.size);
  }

  /** Starts calls for a Run. @param most the most calls. */
  async #generate(run: GeneratedRun, most: number): Promise<void> {
    const { database, pace } = this.#parts.runtime.parts;
    const { organizationId } = run;
    if ((this.#waiting.get(organizationId) ?? 0) > Date.now()) return;
    const workspace = openWorkspace(database, organizationId);
    const provider = await this.#providerOf(workspace, run);
    const atProvider = [...this.#calls].filter(
      (call) => call.provider === provider && call.run.organizationId === organizationId,
    ).length;
    const limit = provider ? pace.limit(organizationId, provider) - atProvider : most;
    const calls = await this.#reserve(workspace, run, Math.min(most, limit));
    for (const call of calls) {
      const own = { run, provider };
      this.#calls.add(own);
      const making = this.#make(workspace, call);
      void making.finally(() => {
        this.#calls.delete(own);
        this.#parts.onEnd();
      });
    }
  }

  async #reserve(
    workspace: Workspace,
    run: GeneratedRun,
    most: number,
  ): Promise<readonly GeneratedCall[]> {
    // Before the lock: the sum reads all logs of the Run, and writes of its logs would wait for it.
    if (most <= 0 || (await this.#isOverBudget(workspace, run.id))) return [];
    const { runtime } = this.#parts;
    const { atOnce } = runtime.parts.runLimits;
    return inTransaction(workspace, async (workspace) => {
      const [row] = await lockRuns(workspace, [run.id], 'change');
      if (row?.status !== 'pending' && row?.status !== 'running') return [];
      const underWay = await countCallsUnderWay(workspace, run.id);
      const left = Math.min(
        most,
        concurrencyOf(row) - underWay.ofRun,
        // The other half is for callers who wait.
        atOnce === undefined ? most : Math.max(1, Math.floor(atOnce / 2)) - underWay.ofOrganization,
      );
      if (left <= 0) return [];
      if (row.status === 'pending') await beginRuns(workspace, [run.id]);
      const ids = Array.from({ length: left }, () => newId('log'));
      const slots = await reserveSlots(workspace, run.id, runtime.holder, ids);
      const tools = clientToolsOf(row);
      const options = tools ? { client_tools: tools } : {};
      const calls = slots.map((slot) => ({ run, slot, request: callRequest(run, slot), options }));
      return askAgain(workspace, row, calls);
    });
  }

  /** Whether a Run has cost more than it may, as of a second ago at most. */
  async #isOverBudget(workspace: Workspace, runId: string): Promise<boolean> {
    const askedAt = performance.now();
    const known = this.#budgets.get(runId);
    if (known && known.until > askedAt) return known.isOver;
    const isOver = await isOverBudget(workspace, runId);
    const now = performance.now();
    const until = now + Math.min(longestBudgetMs, budgetShare * (now - askedAt));
    this.#budgets.set(runId, { isOver, until });
    return isOver;
  }

  /** Makes a call, and waits for its end. Never rejects. */
  async #make(workspace: Workspace, call: GeneratedCall): Promise<void> {
    const { runtime } = this.#parts;
    const starting = startCall(runtime, workspace, call);
    const started = starting.then(
      () => undefined,
      () => undefined,
    );
    this.#starting.add(started);
    try {
      const { outcome } = await starting;
      // Swallowed on purpose: how the call ended stands in its log, and if the server stops, another
      // one ends it.
      await outcome.catch(() => undefined);
    } catch (error) {
      await this.#handleFailedStart(workspace, call, error).catch((failure: unknown) => {
        // The reservation expires, and the call is started again.
        const { parts } = runtime;
        parts.logger.warn(errorFields(failure), 'A call for a Run could not be given up.');
      });
    } finally {
      this.#starting.delete(started);
    }
  }

  async #handleFailedStart(
    workspace: Workspace,
    call: GeneratedCall,
    error: unknown,
  ): Promise<void> {
    const { runtime } = this.#parts;
    const { run, slot } = call;
    const expected = toUnavailable(error) ?? error;
    if (expected instanceof PlatformError) {
      if (expected.code === 'evaluation_run_ended') return;
      if (expected.category === 'unavailable' || expected.category === 'too_many') {
        this.#waiting.set(run.organizationId, Date.now() + waitMs);
        return giveBackSlots(workspace, run.id, runtime.holder, [slot.logId]);
      }
      return recordFailedStart(runtime, workspace, call, expected.message);
    }
    const { logger } = runtime.parts;
    logger.error(
      { log_id: slot.logId, ...errorFields(error) },
      'A call for a Run could not be started because of an error in the server.',
    );
    if (slot.token < mostStarts) return;
    const text = 'The call could not be started because of an error in the server.';
    await recordFailedStart(runtime, workspace, call, text);
  }

  /** The vendor that a Run's version asks; undefined when it asks no model. */
  async #providerOf(
    workspace: Workspace,
    { versionId }: GeneratedRun,
  ): Promise<ProviderName | undefined> {
    if (!this.#providers.has(versionId)) {
      const version = (await findVersionsById(workspace, [versionId])).get(versionId);
      const model = version && kindOf(version.type).model?.(version.spec);
      this.#providers.set(versionId, model ? providerOf(model) : undefined);
    }
    return this.#providers.get(versionId);
  }
}
