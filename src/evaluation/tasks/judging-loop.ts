import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import { newId } from '../../kernel/ids.ts';
import { errorFields } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { completeRuns } from '../runs/run-status.ts';
import {
  type ClaimedTask,
  claimTasks,
  deleteQueue,
  listTaskQueues,
  releaseTasks,
  type TaskQueue,
} from './claim-queries.ts';
import { type Batch, HeldBatches } from './held-batches.ts';
import { judgeTasks } from './judge-tasks.ts';
import { type Lane, laneOf, nextQueue } from './next-queue.ts';

/** Milliseconds between two looks for tasks. */
const lookIntervalMs = 500;
/** Milliseconds that the end of the work on claimed tasks may take when the server stops. */
const longestEndMs = 3_000;
/** The most batches of a lane: of all organizations, and of one, so that others have their turn. */
const mostBatches = 16;
const mostOfOrganization = 4;
/** The most tasks of a batch that is judged in the sandbox. */
const mostInSandbox = 50;
/** Seconds before a task that failed is tried again: twice as long each time. */
const firstPauseSeconds = 2;

/**
 * Judges logs, as `judgment_task` asks. Every process has a loop. It claims tasks that are due, of one
 * evaluator version at a time, and holds them by leases until their judgments are written.
 */
export class JudgingLoop {
  readonly #parts: RuntimeParts;
  readonly #owner = newId('own');
  readonly #held: HeldBatches;
  readonly #judging = new Set<Promise<void>>();
  readonly #looks: Periodic;
  /** Runs whose logs were judged, by organization, until it is looked whether they are complete. */
  readonly #judgedRuns = new Map<string, Set<string>>();
  #lastOrganization = '';
  #isStopping = false;

  constructor(parts: RuntimeParts) {
    this.#parts = parts;
    const { logger } = parts;
    this.#held = new HeldBatches(parts);
    this.#looks = new Periodic(lookIntervalMs, () => this.#claimAll(), {
      logger,
      complaint: 'Logs could not be judged.',
    });
  }

  /** Looks for tasks now. */
  wake(): void {
    this.#looks.wake();
  }

  /** Stops judging. Tasks that are not judged yet can be claimed by other processes at once. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#looks.stop();
    await this.#held.stop();
    const isOver = new AbortController();
    const late = sleep(longestEndMs, undefined, { signal: isOver.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#judging), late]);
    isOver.abort();
  }

  /** Claims tasks of all queues, until there are none that are due, or no place to judge them. */
  async #claimAll(): Promise<void> {
    if (!this.#hasPlace('python') && !this.#hasPlace('llm')) return;
    let queues = await listTaskQueues(this.#parts.database);
    while (!this.#isStopping) {
      queues = queues.filter((queue) => this.#canClaim(queue));
      const queue = nextQueue(queues, this.#lastOrganization);
      if (!queue) return;
      this.#lastOrganization = queue.organizationId;
      const isEmpty = await this.#claimFrom(queue);
      if (isEmpty) queues = queues.filter((other) => other !== queue);
    }
  }

  #canClaim(queue: TaskQueue): boolean {
    const lane = laneOf(queue);
    return (
      lane === undefined ||
      (this.#hasPlace(lane) && this.#held.count(lane, queue.organizationId) < mostOfOrganization)
    );
  }

  #hasPlace(lane: Lane): boolean {
    return this.#held.count(lane) < mostBatches;
  }

  /** @returns true when the queue has no more tasks that are due. */
  async #claimFrom(queue: TaskQueue): Promise<boolean> {
    const { database, judging, leaseSeconds } = this.#parts;
    const lane = laneOf(queue);
    if (lane === undefined) {
      // The Runs that waited for the evaluator are completed by the sweep.
      await deleteQueue(openWorkspace(database, queue.organizationId), queue.versionId);
      return true;
    }
    const most = lane === 'llm' ? judging.modelsAtOnce : mostInSandbox;
    const tasks = await claimTasks(database, queue, { owner: this.#owner, leaseSeconds }, most);
    this.#begin(
      lane,
      tasks.filter(({ attempts }) => attempts === 1),
    );
    // Judge a task that has failed before alone: the others of its batch may fail because of it.
    for (const task of tasks.filter(({ attempts }) => attempts > 1)) this.#begin(lane, [task]);
    return tasks.length < most;
  }

  #begin(lane: Lane, tasks: readonly ClaimedTask[]): void {
    const [first] = tasks;
    if (!first) return;
    const { organizationId } = first;
    const batch: Batch = { organizationId, lane, tasks, control: new AbortController() };
    this.#held.add(batch);
    const judging = this.#judge(batch).finally(() => {
      this.#held.delete(batch);
      this.#judging.delete(judging);
      this.wake();
    });
    this.#judging.add(judging);
  }

  /** Judges a batch; never throws. Tasks that could not be judged are given back. */
  async #judge({ organizationId, tasks, control: { signal } }: Batch): Promise<void> {
    const { database, logger } = this.#parts;
    const workspace = openWorkspace(database, organizationId);
    try {
      await this.#noteJudged(
        workspace,
        await judgeTasks(this.#parts, { workspace, tasks, signal }),
      );
    } catch (error) {
      if (!signal.aborted) {
        const about = {
          evaluator_version_id: tasks[0]?.versionId,
          log_ids: tasks.map(({ logId }) => logId),
        };
        logger.warn(
          { ...errorFields(error), ...about },
          'Logs could not be judged. It is tried again.',
        );
      }
      // Swallowed on purpose: the leases expire by themselves.
      await this.#giveBack(tasks, !signal.aborted).catch(() => undefined);
    }
  }

  /** @param wasAttempt false: the server stops, so the tasks are not to blame. */
  async #giveBack(tasks: readonly ClaimedTask[], wasAttempt: boolean): Promise<void> {
    const attempts = tasks[0]?.attempts ?? 1;
    const afterSeconds = wasAttempt ? firstPauseSeconds ** attempts : 0;
    await releaseTasks(this.#parts.database, tasks, { afterSeconds, wasAttempt });
  }

  /**
   * Completes Runs when this process judges nothing else for their organization. Looking at a Run
   * after each batch would cost more than judging it, if it is large.
   */
  async #noteJudged(workspace: Workspace, runIds: ReadonlySet<string>): Promise<void> {
    const { organizationId } = workspace;
    const judged = new Set([...(this.#judgedRuns.get(organizationId) ?? []), ...runIds]);
    this.#judgedRuns.set(organizationId, judged);
    if (this.#held.count(undefined, organizationId) > 1) return;
    this.#judgedRuns.delete(organizationId);
    // Swallowed on purpose: the sweep of every second completes them, too.
    await completeRuns(workspace, [...judged]).catch(() => undefined);
  }
}
