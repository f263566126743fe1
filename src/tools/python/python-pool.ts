import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { errorFields, type Logger } from '../../kernel/logger.ts';
import { pythonBusy, pythonUnavailable } from './errors.ts';
import type { PythonCall, PythonLimits, PythonResult } from './python-call.ts';
import { PythonProcess } from './python-process.ts';
import { findSandboxProgram, type SandboxProgram } from './sandbox-program.ts';
import { ensureSnapshot } from './snapshot.ts';

/** The most calls of one process; afterwards a new one replaces it. */
const mostCalls = 200;

/** Milliseconds after which an idle process is ended. */
const longestIdleMs = 300_000;

interface Member {
  readonly process: PythonProcess;
  /** The organization whose code it runs, from its first call to its end; undefined before. */
  organizationId: string | undefined;
  isBusy: boolean;
  calls: number;
  idleSince: number;
}

interface Waiter {
  readonly organizationId: string;
  take(member: Member): void;
  refuse(error: Error): void;
}

/**
 * The processes that run Python. A process never runs code of two organizations. After the first
 * call one spare process is kept, so that the next organization does not wait for a start.
 */
export class PythonPool {
  readonly #options: {
    readonly folder: string;
    readonly limits: PythonLimits;
    readonly logger: Logger;
    readonly findProgram: () => SandboxProgram;
  };
  readonly #members = new Set<Member>();
  readonly #sweep: NodeJS.Timeout;
  #waiters: Waiter[] = [];
  #starting = 0;
  readonly #starts = new Set<Promise<void>>();
  /** Processes that were killed and have not cleaned up yet. */
  readonly #ending = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  #snapshot: Promise<string | undefined> | undefined;

  /**
   * Starts nothing yet.
   *
   * @param options.folder where the snapshot of Python is kept across restarts of the server.
   */
  constructor(options: {
    readonly folder: string;
    readonly limits: PythonLimits;
    readonly logger: Logger;
    readonly findProgram?: () => SandboxProgram;
  }) {
    this.#options = { findProgram: findSandboxProgram, ...options };
    this.#sweep = setInterval(() => this.#endIdle(), 60_000).unref();
  }

  /**
   * Runs code of an organization. Errors of the code are part of the result.
   *
   * @throws `python_unavailable` (unavailable) when Python cannot be started, `python_busy`
   *   (too_many) when no process becomes free in time; the reason of the signal when it is aborted.
   */
  async run(organizationId: string, call: PythonCall, signal: AbortSignal): Promise<PythonResult> {
    const member = await this.#acquire(organizationId, signal);
    try {
      return await member.process.call(call, signal);
    } finally {
      this.#release(member);
    }
  }

  /** Ends all processes, also those that are starting, and the calls under way. */
  async stop(): Promise<void> {
    this.#stopping.abort(stopped());
    clearInterval(this.#sweep);
    for (const { refuse } of this.#waiters) refuse(stopped());
    await Promise.allSettled(this.#starts);
    for (const member of this.#members) this.#end(member, 'The server is stopping.');
    await Promise.all(this.#ending);
  }

  /** The process ids, and the organization of each. */
  get processes(): readonly {
    readonly pid: number | undefined;
    readonly organizationId: string | undefined;
  }[] {
    return [...this.#members].map(({ process: { pid }, organizationId }) => ({
      pid,
      organizationId,
    }));
  }

  async #acquire(organizationId: string, signal: AbortSignal): Promise<Member> {
    signal.throwIfAborted();
    this.#stopping.signal.throwIfAborted();
    let leave = () => {};
    try {
      return await new Promise<Member>((take, refuse) => {
        const waiter: Waiter = { organizationId, take, refuse };
        const timer = setTimeout(() => refuse(pythonBusy()), this.#options.limits.queueMs);
        const abort = () => refuse(signal.reason as Error);
        signal.addEventListener('abort', abort, { once: true });
        leave = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          this.#waiters = this.#waiters.filter((other) => other !== waiter);
        };
        this.#waiters.push(waiter);
        this.#serve();
      });
    } finally {
      leave();
      this.#keepSpare();
    }
  }

  #release(member: Member): void {
    member.isBusy = false;
    member.idleSince = Date.now();
    if (!member.process.isUsable || member.calls >= mostCalls) {
      this.#end(member, 'The process has done enough.');
    }
    this.#serve();
  }

  /**
   * Gives processes to waiting calls, or starts processes for them. Calls of the organization with
   * the fewest running calls go first, and among those the oldest call. So no call waits forever
   * behind an organization that always sends another.
   */
  #serve(): void {
    let coming = this.#starting;
    for (const waiter of this.#inTurn()) {
      const member = this.#idleFor(waiter);
      if (member) {
        this.#give(waiter, member);
        // The order of the waiting calls has changed, so begin again.
        this.#serve();
        return;
      }
      if (coming > 0) coming -= 1;
      else if (this.#makeRoom()) this.#start();
      else return;
    }
  }

  #inTurn(): readonly Waiter[] {
    const atWork = [...this.#members].filter(({ isBusy }) => isBusy);
    const load = ({ organizationId }: Waiter) =>
      atWork.filter((member) => member.organizationId === organizationId).length;
    return this.#waiters.toSorted((a, b) => load(a) - load(b));
  }

  #idleFor(waiter: Waiter): Member | undefined {
    const idle = [...this.#members].filter(({ isBusy }) => !isBusy);
    return (
      idle.find(({ organizationId }) => organizationId === waiter.organizationId) ??
      idle.find(({ organizationId }) => organizationId === undefined)
    );
  }

  #give(waiter: Waiter, member: Member): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    member.organizationId = waiter.organizationId;
    member.isBusy = true;
    member.calls += 1;
    waiter.take(member);
  }

  /** Whether one more process may be started. Ends an idle process when that is needed. */
  #makeRoom(): boolean {
    if (this.#members.size + this.#starting < this.#options.limits.maxProcesses) return true;
    const [longest] = [...this.#members]
      .filter(({ isBusy }) => !isBusy)
      .toSorted((a, b) => a.idleSince - b.idleSince);
    if (longest) this.#end(longest, 'Another organization needs the room.');
    return longest !== undefined;
  }

  #keepSpare(): void {
    const isWaitedFor = this.#waiters.length > 0 || this.#starting > 0;
    const isThere = [...this.#members].some(({ organizationId }) => organizationId === undefined);
    const hasRoom = this.#members.size < this.#options.limits.maxProcesses;
    if (!isWaitedFor && !isThere && hasRoom && !this.#stopping.signal.aborted) this.#start();
  }

  #start(): void {
    this.#starting += 1;
    const starting = this.#startOne()
      .then((process) => {
        const joined: Member = {
          process,
          organizationId: undefined,
          isBusy: false,
          calls: 0,
          idleSince: Date.now(),
        };
        this.#members.add(joined);
        void process.ended.then(() => {
          this.#members.delete(joined);
          this.#serve();
        });
        this.#starting -= 1;
        this.#serve();
      })
      .catch((error) => {
        this.#starting -= 1;
        const refusal =
          error instanceof PlatformError
            ? error
            : pythonUnavailable(
                'The sandbox does not start. The log of the server says why.',
                error,
              );
        if (!this.#stopping.signal.aborted) {
          this.#options.logger.warn(errorFields(error), 'Python does not start.');
        }
        for (const { refuse } of this.#waiters) refuse(refusal);
      });
    this.#starts.add(starting);
    void starting.finally(() => this.#starts.delete(starting));
  }

  async #startOne(): Promise<PythonProcess> {
    const { limits, findProgram, logger } = this.#options;
    const { signal } = this.#stopping;
    const program = findProgram();
    this.#snapshot ??= this.#findSnapshot(program);
    const snapshot = await this.#snapshot;
    if (snapshot === undefined) return PythonProcess.start(program, undefined, limits, signal);
    try {
      return await PythonProcess.start(program, snapshot, limits, signal);
    } catch (error) {
      // When it does not start without the snapshot either, the snapshot is not the cause, and is
      // kept.
      const process = await PythonProcess.start(program, undefined, limits, signal);
      logger.warn(
        errorFields(error),
        'Python does not start from its snapshot. The snapshot is discarded.',
      );
      this.#snapshot = Promise.resolve(undefined);
      await rm(snapshot, { force: true });
      return process;
    }
  }

  async #findSnapshot(program: SandboxProgram): Promise<string | undefined> {
    const { folder, limits, logger } = this.#options;
    const { signal } = this.#stopping;
    try {
      return await ensureSnapshot(join(folder, 'python'), program, limits.memoryBytes, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      logger.warn(errorFields(error), 'Python starts without a snapshot, which takes longer.');
      return undefined;
    }
  }

  #endIdle(): void {
    const before = Date.now() - longestIdleMs;
    for (const member of this.#members) {
      if (!member.isBusy && member.idleSince < before) this.#end(member, 'Nobody called it.');
    }
  }

  #end(member: Member, why: string): void {
    this.#members.delete(member);
    member.process.kill(why);
    const { ended } = member.process;
    this.#ending.add(ended);
    void ended.then(() => this.#ending.delete(ended));
  }
}

function stopped(): PlatformError {
  return pythonUnavailable('The server is stopping.');
}
