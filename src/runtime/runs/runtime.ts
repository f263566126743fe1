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
import { sealedHours } from './sealed-conversation.ts';

/*
 * The engine: leases, events and runs. These rules hold for every run, whatever happens to the
 * processes that drive it; the lines that depend on a rule name it.
 *
 * R1  Every write of a step names the token of its lease, and writes nothing when that is stale.
 * R2  What was told is on disk, or its numbers are within `eventLeap` of what is. Whoever takes a
 *     run over leaps so far: no number is told twice.
 * R3  A finished turn or tool call is never made again: it is on disk before the next one begins.
 *     What was under way when a process died is made again.
 * R4  What a step tells is told when the step is on disk, and the numbers of events only rise.
 * R5  The row of a run is locked before the rows of the runs below it.
 * R6  A run has one driver. That of a run below another is the one above, unless that one waits.
 * R7  A run ends once: one commit deletes its row, closes its log, and answers the run above it.
 *
 * `transitions.ts` has every change of a run's row. A rule that is found broken (`kernel/assert.ts`)
 * is a bug: it is logged whole, and the run ends as `broken`.
 */

/** Milliseconds between two looks for runs whose leases have run out. */
const sweepIntervalMs = 500;
/** Runs that are taken over in one look, so that other processes take some, too. */
const mostTakenOver = 32;
const expiryIntervalMs = 600_000;
/** Milliseconds for which a stop waits for runs to end their work. */
const longestEndMs = 500;
/** Minutes for which the events of a run are kept when it has ended. */
const eventMinutes = 60;

/** The reason of aborts after a run's end. Made once: a stack costs more than the abort. */
const noLongerDriven = serverStopping();

/**
 * The runs that this process drives: it holds their leases while they are under way, takes over
 * those that others left behind, and gives its own up when it stops.
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

  /** This process, as a holder of leases. */
  get holder(): LeaseHolder {
    return this.#held.leases;
  }

  runnable(type: string): Runnable<Parts> {
    const runnable = isFileType(type) ? this.#runnables[type] : undefined;
    if (!runnable) throw new Error(`A log of type ${type} has a run, but no such kind can be run.`);
    return runnable;
  }

  drive(
    options: DriveOptions<Parts>,
    { begin = untilRest, giveUp }: Parameters<RunDriver<Parts>['drive']>[1] = {},
  ): ReadableRun {
    const control = new AbortController();
    const cancel = () => control.abort(new RunCancelled());
    giveUp?.addEventListener('abort', cancel, { once: true });
    if (giveUp?.aborted) cancel();
    // A run that was being opened when the stop began is not among those that the stop gives up.
    const isLate = this.#stopping.signal.aborted;
    if (isLate) control.abort(serverStopping());
    const { parts } = this;
    const keeper = this.#held;
    const run = createRun({ ...options, parts, keeper, signal: control.signal });
    const letGo = keeper.hold(run, (error) => control.abort(error));
    const stopWatch = limitTime(control, parts.runLimits.timeoutMs);
    const live = new LiveRun(run, begin(run), this.#following);
    const key = keyOf(options.workspace, live.logId);
    this.#live.set(key, { live, control });
    void live.driven.then(() => {
      letGo();
      stopWatch();
      giveUp?.removeEventListener('abort', cancel);
      if (this.#live.get(key)?.live === live) this.#live.delete(key);
      // Ends model and tool calls that still go on side by side: their results are not wanted any more.
      control.abort(noLongerDriven);
      if (isLate) void this.#giveUp(() => keeper.giveUp([run]));
    });
    return live;
  }

  /** A run to read, wherever it is driven: from the call that began it on. */
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
   * A run whose events are told from any of them on.
   *
   * @throws `events_gone` (not_found) when nothing is under way, and nothing kept that was told.
   */
  async findStream(workspace: Workspace, logId: string): Promise<ReadableRun> {
    const run = this.#liveOrFollowed(workspace, logId);
    if (run instanceof LiveRun) return run;
    const { state, events } = await readEvents(workspace, { logId, after: 0 });
    if (state === null && events.length === 0) throw eventsGone(logId);
    return run;
  }

  /**
   * The last continue of a run to read, wherever it is driven.
   *
   * @param eventCount how many events it had told when the continue was seen: of a run that stores
   *   nothing, all that can be known of where that began.
   */
  async findContinue(
    workspace: Workspace,
    logId: string,
    eventCount: number,
  ): Promise<ReadableRun> {
    const run = this.#liveOrFollowed(workspace, logId);
    // A run that was continued here has the continue as its first event.
    if (run instanceof LiveRun && run.isWhole) return run;
    return startingAfter(run, (await beforeContinue(workspace, logId)) ?? eventCount);
  }

  /** Ends the work of this process for a run that was taken from it. */
  abandon(workspace: Workspace, logId: string): void {
    this.#live.get(keyOf(workspace, logId))?.control.abort(new RunCancelled());
  }

  /** @throws `server_stopping` (unavailable) when no new run may begin. */
  requireRunning(): void {
    if (this.#stopping.signal.aborted) throw serverStopping();
  }

  /** How many runs this process drives. */
  get size(): number {
    return this.#live.size;
  }

  /**
   * Stops driving: ends what this process does for runs, and gives up their leases, so that another
   * process can take them over at once.
   */
  async stop(): Promise<void> {
    this.#stopping.abort(serverStopping());
    for (const periodic of this.#periodic) await periodic.stop();
    const runs = [...this.#live.values()];
    const end = async () => {
      for (const { control } of runs) control.abort(serverStopping());
      await Promise.race([Promise.all(runs.map(({ live }) => live.driven)), sleep(longestEndMs)]);
    };
    await this.#giveUp(() => this.#held.stop(end));
  }

  async #giveUp(work: () => Promise<void>): Promise<void> {
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

/** A run whose readers begin after an event. */
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
