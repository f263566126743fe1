import { setTimeout as sleep } from 'node:timers/promises';
import { isFileType } from '../../contract/kinds/index.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import { errorFields } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { beforeContinue, expireEvents, readEvents } from '../events/event-queries.ts';
import { type Following, followedRun } from '../events/followed-run.ts';
import type { ReadableRun } from '../events/readable-run.ts';
import type { LeaseHolder } from '../leases/lease.ts';
import { takeOverRuns } from '../leases/takeover-queries.ts';
import { countRunsBelow } from './child-run-queries.ts';
import { createRun } from './create-run.ts';
import { untilRest } from './end-run.ts';
import type { EngineParts } from './engine-parts.ts';
import { eventsGone, serverStopping } from './errors.ts';
import { HeldRuns } from './held-runs.ts';
import { LiveRun } from './live-run.ts';
import { expireSealedRuns } from './rest-queries.ts';
import { resumeRun } from './resume-run.ts';
import type { Runnable, Runnables } from './run.ts';
import { RunCancelled } from './run-cancelled.ts';
import type { DriveOptions, RunDriver } from './run-driver.ts';
import { limitTime } from './run-timeout.ts';
import { RunsBelow } from './runs-below.ts';
import type { RunsUnderWay } from './runs-under-way.ts';
import { sealedHours } from './sealed-conversation.ts';

/*
 * The engine: leases, events and runs. These rules hold for every run, also when a process that
 * drives it dies. The lines that depend on a rule name it.
 *
 * R1  Every write of a step names the token of its lease. It writes nothing when the token is
 *     stale.
 * R2  Every event that a reader has received is on disk, or its number is at most `eventLeap` above
 *     the last number on disk. A process that takes a run over skips `eventLeap` numbers, so no
 *     number is used twice.
 * R3  A finished turn or tool call is on disk before the next one begins, and is never repeated.
 *     When a process dies, only the turns and tool calls in progress are repeated.
 * R4  A step is on disk before readers receive its events. The numbers of events only rise.
 * R5  A transaction that locks several runs locks the parent's row before the rows of its child runs.
 * R6  One process drives a run. A child run is driven by its parent, unless the parent is
 *     suspended.
 * R7  A run ends once. One that ends by its own steps deletes its row, closes its log and answers its
 *     parent in one commit.
 *
 * `transitions.ts` lists every change of a run's row. A broken rule (`kernel/assert.ts`) is a bug:
 * the server logs it in full, and the run ends as `broken`.
 */

/** Milliseconds between two searches for runs whose leases have expired. */
const sweepIntervalMs = 500;
/** The most runs that one search takes over, so that other processes take some too. */
const mostTakenOver = 32;
const expiryIntervalMs = 600_000;
/** The most milliseconds that a stop waits for the work on runs to end. */
const longestEndMs = 500;
/** Minutes for which the events of a run are kept after its end. */
const eventMinutes = 60;

/**
 * The reason of aborts after a run's rest. One shared error: a new stack trace costs more than the
 * abort.
 */
const noLongerDriven = serverStopping();

/**
 * The runs that this process drives. It holds their leases, takes over runs that other processes
 * left, and releases its own when it stops.
 */
export class Runtime<Parts extends EngineParts = EngineParts> implements RunDriver<Parts> {
  readonly parts: Parts;
  readonly #runnables: Runnables<Parts>;
  readonly #held: HeldRuns;
  readonly #following: Following;
  readonly #live = new Map<string, { readonly live: LiveRun; readonly control: AbortController }>();
  readonly #stopping = new AbortController();
  readonly #periodic: readonly Periodic[];

  constructor(parts: Parts, runnables: Runnables<Parts>) {
    this.parts = parts;
    this.#runnables = runnables;
    const { database, logger } = parts;
    this.#held = new HeldRuns(parts);
    this.#following = {
      kinds: (type) => this.runnable(type).events,
      stopping: this.#stopping.signal,
    };
    const every = (ms: number, work: () => Promise<void>, complaint: string) =>
      new Periodic(ms, work, { logger, complaint });
    this.#periodic = [
      every(
        sweepIntervalMs,
        () => this.#takeOver(),
        'Runs of stopped servers could not be taken over.',
      ),
      every(
        expiryIntervalMs,
        () => expireSealedRuns(database, sealedHours),
        'Expired conversations could not be deleted.',
      ),
      every(
        expiryIntervalMs,
        () => expireEvents(database, eventMinutes),
        'Old events could not be deleted.',
      ),
    ];
  }

  /** The holder of this process's leases. */
  get holder(): LeaseHolder {
    return this.#held.leases;
  }

  /** The runs that this process drives, child runs included. */
  get underWay(): RunsUnderWay {
    return this.#held.underWay;
  }

  runnable(type: string): Runnable<Parts> {
    const runnable = isFileType(type) ? this.#runnables[type] : undefined;
    if (!runnable) throw new Error(`A log of type ${type} has a run, but no such kind can be run.`);
    return runnable;
  }

  drive(
    options: DriveOptions<Parts>,
    { begin = untilRest, cancelOn }: Parameters<RunDriver<Parts>['drive']>[1] = {},
  ): ReadableRun {
    const control = new AbortController();
    const cancel = () => control.abort(new RunCancelled());
    cancelOn?.addEventListener('abort', cancel, { once: true });
    if (cancelOn?.aborted) cancel();
    // Release this run separately: `stop` has read its list of runs already, and this one was still
    // being opened then.
    const isLate = this.#stopping.signal.aborted;
    if (isLate) control.abort(serverStopping());
    const { parts } = this;
    const keeper = this.#held;
    const { workspace, record, origin } = options;
    const below = new RunsBelow(parts.runLimits.below, async () =>
      origin.type === 'called' ? 0 : countRunsBelow(workspace, record.id),
    );
    const run = createRun({ ...options, parts, keeper, below, signal: control.signal });
    const release = keeper.hold(run, (error) => control.abort(error));
    const clearLimit = limitTime(control, parts.runLimits.timeoutMs);
    const live = new LiveRun(run, begin(run), this.#following);
    const key = keyOf(options.workspace, live.logId);
    this.#live.set(key, { live, control });
    void live.driven.then(() => {
      release();
      clearLimit();
      cancelOn?.removeEventListener('abort', cancel);
      if (this.#live.get(key)?.live === live) this.#live.delete(key);
      // Abort the model and tool calls that still go on: nothing uses their results.
      control.abort(noLongerDriven);
      if (isLate) void this.#release(() => keeper.release([run]));
    });
    return live;
  }

  /**
   * The workspace for a cancel. It does not use the organization's share of the connections: that may
   * be used up by the very runs that are to end.
   */
  urgent({ organizationId, memberId, keyId }: Workspace): Workspace {
    return openWorkspace(this.parts.leaseDatabase, organizationId, memberId, keyId);
  }

  /** A run to read from its first event, whichever process drives it. */
  find(workspace: Workspace, logId: string): ReadableRun {
    return startingAfter(this.#liveOrFollowed(workspace, logId), 0);
  }

  #liveOrFollowed(workspace: Workspace, logId: string): ReadableRun {
    return (
      this.#live.get(keyOf(workspace, logId))?.live ??
      followedRun(workspace, logId, this.#following)
    );
  }

  /**
   * A run to read from any of its events.
   *
   * @throws `events_gone` (not_found) when the run is not in progress here, has ended, and none of
   *   its events are stored.
   */
  async findStream(workspace: Workspace, logId: string): Promise<ReadableRun> {
    const run = this.#liveOrFollowed(workspace, logId);
    if (run instanceof LiveRun) return run;
    const { state, events } = await readEvents(workspace, { logId, after: 0 });
    if (state === null && events.length === 0) throw eventsGone(logId);
    return run;
  }

  /**
   * A run to read from its last continue, whichever process drives it.
   *
   * @param eventCount the number of the last event when the continue was seen. It is used for a run
   *   whose events are not stored, because nothing better is known there.
   */
  async findContinue(
    workspace: Workspace,
    logId: string,
    eventCount: number,
  ): Promise<ReadableRun> {
    const run = this.#liveOrFollowed(workspace, logId);
    // A run that was continued in this process has the continue as its first event here.
    if (run instanceof LiveRun && run.isWhole) return run;
    return startingAfter(run, (await beforeContinue(workspace, logId)) ?? eventCount);
  }

  /** Aborts the work of this process on a run that was taken from it. */
  abandon(workspace: Workspace, logId: string): void {
    this.#live.get(keyOf(workspace, logId))?.control.abort(new RunCancelled());
  }

  /** @throws `server_stopping` (unavailable) when the server is stopping and starts no new runs. */
  requireRunning(): void {
    if (this.#stopping.signal.aborted) throw serverStopping();
  }

  /** How many runs this process drives. */
  get size(): number {
    return this.#live.size;
  }

  /**
   * Stops driving runs: aborts the work on them and releases their leases, so that another process
   * can take them over at once.
   */
  async stop(): Promise<void> {
    this.#stopping.abort(serverStopping());
    for (const periodic of this.#periodic) await periodic.stop();
    const runs = [...this.#live.values()];
    const end = async () => {
      for (const { control } of runs) control.abort(serverStopping());
      await Promise.race([Promise.all(runs.map(({ live }) => live.driven)), sleep(longestEndMs)]);
    };
    await this.#release(() => this.#held.stop(end));
  }

  async #release(work: () => Promise<void>): Promise<void> {
    await work().catch((error) => {
      this.parts.logger.warn(
        errorFields(error),
        'Leases could not be released. They expire by themselves.',
      );
    });
  }

  async #takeOver(): Promise<void> {
    const { database, leaseDatabase } = this.parts;
    const { leases } = this.#held;
    const taken = await takeOverRuns(leaseDatabase, leases, leases.held, mostTakenOver);
    await Promise.all(
      taken.map(async ({ organizationId, ...lease }) => {
        const workspace = openWorkspace(database, organizationId);
        await resumeRun(this, workspace, lease).catch((error) => {
          this.parts.logger.error(
            { log_id: lease.logId, ...errorFields(error) },
            'A run could not be taken over. It is tried again when its lease has expired.',
          );
        });
      }),
    );
  }
}

/** A run whose readers start after an event by default. */
function startingAfter(run: ReadableRun, before: number): ReadableRun {
  return {
    logId: run.logId,
    before,
    get outcome() {
      return run.outcome;
    },
    read: (options) => run.read({ ...options, after: options.after ?? before }),
  };
}

function keyOf({ organizationId }: Workspace, logId: string): string {
  return `${organizationId}/${logId}`;
}
