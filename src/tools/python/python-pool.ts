import { PlatformError } from '../../kernel/errors.ts';
import { errorFields, type Logger } from '../../kernel/logger.ts';
import { callTool } from './call-tool.ts';
import { pythonBusy, pythonUnavailable } from './errors.ts';
import { FairQueue } from './fair-queue.ts';
import { judgeItems } from './judge-items.ts';
import {
  judged,
  longestIn,
  type Member,
  Members,
  type Request,
  setState,
  turnMs,
} from './pool-members.ts';
import type {
  BatchResult,
  CodeOwner,
  Lane,
  PythonBatch,
  PythonCall,
  PythonLimits,
  PythonResult,
} from './python-call.ts';
import type { PythonProcess } from './python-process.ts';
import { PythonStarter } from './python-starter.ts';
import { findSandboxProgram, type SandboxProgram } from './sandbox-program.ts';

/** Milliseconds after which an idle process of an owner is ended. Its next call gets a clean one. */
const longestIdleMs = 60_000;

/** Milliseconds without any call after which the clean process is ended, too. */
const longestUnusedMs = 300_000;

/** Milliseconds between two looks for idle processes. */
const sweepIntervalMs = 10_000;

/** Milliseconds after which a batch gives up its process to a tool call that waits. */
const longestDelayMs = 1_000;

interface Waiter extends Request {
  take(member: Member): void;
  refuse(error: Error): void;
}

/**
 * The processes that run Python. A process never runs code of two owners. After the first call a
 * clean process is kept where there is room, so that the next owner does not wait for a start.
 */
export class PythonPool {
  readonly #limits: PythonLimits;
  readonly #logger: Logger;
  readonly #starter: PythonStarter;
  readonly #members = new Members();
  readonly #queues = { live: new FairQueue<Waiter>(), judging: new FairQueue<Waiter>() };
  readonly #sweep: NodeJS.Timeout;
  /** When calls wait for the end of a turn or of a batch, nothing else happens at that moment. */
  #nextLook: NodeJS.Timeout | undefined;
  #usedAt = Number.NEGATIVE_INFINITY;
  #starting = 0;
  /** Starts under way, and the making of the snapshot. */
  readonly #starts = new Set<Promise<void>>();
  /** Processes that were killed and have not cleaned up yet. */
  readonly #ending = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();

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
    this.#limits = options.limits;
    this.#logger = options.logger;
    this.#starter = new PythonStarter(
      { findProgram: findSandboxProgram, ...options },
      this.#stopping.signal,
    );
    this.#sweep = setInterval(() => this.#endIdle(), sweepIntervalMs).unref();
  }

  /** Makes what the first start needs, in the background. Starts no process that runs code. */
  prepare(): void {
    if (!this.#stopping.signal.aborted) this.#track(this.#starter.prepare());
  }

  /**
   * Calls a tool, which somebody waits for. Errors of the code are part of the result.
   *
   * @throws `python_unavailable` (unavailable) when Python cannot be started, `python_busy`
   *   (too_many) when no process becomes free in time; the reason of the signal when it is aborted.
   */
  async run(owner: CodeOwner, call: PythonCall, signal: AbortSignal): Promise<PythonResult> {
    const request: Request = { owner, lane: 'live', mayInterrupt: () => false };
    return this.#lend(request, signal, (process) => callTool(process, call, this.#limits, signal));
  }

  /**
   * Judges the items of a batch in their order, and tells each result once, as soon as it is there.
   * Errors of the code are part of the results. In the lane `judging` it waits for a process for as
   * long as it takes.
   *
   * @param options.told must not throw. It is called before the promise resolves.
   * @throws `python_unavailable` (unavailable) when Python cannot be started or the server stops; in
   *   the lane `live` `python_busy` (too_many) when no process becomes free in time; the reason of the
   *   signal when it is aborted. Items that were not told have no result then.
   */
  async runBatch(
    owner: CodeOwner,
    batch: PythonBatch,
    {
      lane,
      signal,
      told,
    }: {
      readonly lane: Lane;
      readonly signal: AbortSignal;
      readonly told: (index: number, result: BatchResult) => void;
    },
  ): Promise<void> {
    let next = 0;
    let askedAgain = -1;
    const tell = (index: number, result: BatchResult) => {
      next = index + 1;
      told(index, result);
    };
    // Interrupted once, an item is not interrupted again: it would never be judged.
    const mayInterrupt = () => next !== askedAgain;
    const request: Request = { owner, lane, mayInterrupt };
    while (next < batch.items.length) {
      await this.#lend(request, signal, (process) =>
        judgeItems(process, batch, next, this.#limits, { tell, signal }),
      );
      askedAgain = next;
    }
  }

  /** Ends all processes, also those that are starting, and the calls under way. */
  async stop(): Promise<void> {
    this.#stopping.abort(stopped());
    clearInterval(this.#sweep);
    clearTimeout(this.#nextLook);
    this.#refuseAll(stopped());
    await Promise.allSettled(this.#starts);
    for (const member of this.#members) this.#end(member, 'The server is stopping.');
    await Promise.all(this.#ending);
  }

  /** The process ids, and the owner of each: undefined when the process is clean. */
  get processes(): readonly {
    readonly pid: number | undefined;
    readonly owner: CodeOwner | undefined;
  }[] {
    return [...this.#members].map(({ process: { pid }, request }) => ({
      pid,
      owner: request?.owner,
    }));
  }

  /** Lends a process for one use. */
  async #lend<Result>(
    request: Request,
    signal: AbortSignal,
    use: (process: PythonProcess) => Promise<Result>,
  ): Promise<Result> {
    const member = await this.#acquire(request, signal);
    try {
      return await use(member.process);
    } finally {
      this.#release(member);
    }
  }

  async #acquire(request: Request, signal: AbortSignal): Promise<Member> {
    signal.throwIfAborted();
    this.#stopping.signal.throwIfAborted();
    this.#usedAt = performance.now();
    const queue = this.#queues[request.lane];
    let leave = () => {};
    try {
      return await new Promise<Member>((take, reject) => {
        // Leave the queue first: a process that is given to a call which has given up is lost.
        const refuse = (error: Error) => {
          queue.remove(waiter);
          reject(error);
        };
        const waiter: Waiter = { ...request, take, refuse };
        const isLive = request.lane === 'live';
        const timer = setTimeout(() => isLive && refuse(pythonBusy()), this.#limits.queueMs);
        const abort = () => refuse(signal.reason as Error);
        signal.addEventListener('abort', abort, { once: true });
        leave = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
        };
        queue.add(waiter);
        this.#serve();
      });
    } finally {
      leave();
      this.#keepClean();
    }
  }

  #release(member: Member): void {
    if (member.request) this.#queues[member.request.lane].end(member.request.owner);
    setState(member, 'idle');
    this.#usedAt = member.since;
    if (member.process.isUsable) this.#goOn(member);
    else this.#end(member, 'The process is to be replaced.');
    this.#serve();
  }

  /**
   * Gives a process that is free to the next call of its owner, unless another organization has its
   * turn, or other code waits that has no process and the turn of the owner is over.
   */
  #goOn(member: Member): void {
    const { request } = member;
    if (!request) return;
    const [first] = this.#inTurn();
    const own = this.#queues[request.lane].firstOf(request.owner);
    const isItsTurn =
      first?.lane === request.lane && first.owner.organizationId === request.owner.organizationId;
    if (!own || !isItsTurn) return;
    const isTurnOver = performance.now() - member.ownedSince > turnMs(member);
    if (!isTurnOver || this.#members.has(first.owner)) this.#give(own, member);
  }

  /** Gives processes to the calls whose turn it is, or starts processes for them. */
  #serve(): void {
    let coming = this.#starting + this.#members.in('leaving').length;
    let comingToJudge = 0;
    for (const waiter of this.#inTurn()) {
      const isJudging = waiter.lane === 'judging';
      const own = this.#members.idleOf(waiter.owner);
      if (!own && isJudging && !this.#mayJudge(waiter, comingToJudge)) return;
      const member = own ?? this.#members.clean;
      if (member) {
        this.#give(waiter, member);
        continue;
      }
      if (coming > 0) coming -= 1;
      else if (this.#makeRoom(waiter)) this.#start();
      else {
        if (!isJudging) this.#interruptBatch();
        return;
      }
      if (isJudging) comingToJudge += 1;
    }
  }

  *#inTurn(): Generator<Waiter> {
    yield* this.#queues.live.inTurn();
    yield* this.#queues.judging.inTurn();
  }

  #give(waiter: Waiter, member: Member): void {
    this.#queues[waiter.lane].begin(waiter);
    if (!member.request) member.ownedSince = performance.now();
    member.request = waiter;
    setState(member, 'busy');
    waiter.take(member);
  }

  /**
   * Whether one more process may judge: one is left to tools, where there is more than one. Ends an
   * idle one that judged when that is needed.
   *
   * @param coming how many calls that judge wait for processes that are starting.
   */
  #mayJudge(waiter: Waiter, coming: number): boolean {
    const most = Math.max(1, this.#limits.maxProcesses - 1);
    const judges = [...this.#members].filter(judged);
    return judges.length + coming < most || this.#endIdleFor(waiter, judges);
  }

  /**
   * Whether one more process may be started. Ends an idle process when that is needed: one that
   * judged, if possible.
   */
  #makeRoom(waiter: Waiter): boolean {
    const members = [...this.#members];
    return (
      this.#hasRoom ||
      this.#endIdleFor(waiter, members.filter(judged)) ||
      this.#endIdleFor(waiter, members)
    );
  }

  /**
   * Ends the process that is idle longest.
   *
   * @returns false when there is none. Code that has a process takes none from other code whose last
   *   call has just ended.
   */
  #endIdleFor({ owner }: Waiter, members: readonly Member[]): boolean {
    const longest = longestIn(members.filter(({ state }) => state === 'idle'));
    if (!longest) return false;
    const leftMs = turnMs(longest) - (performance.now() - longest.since);
    if (leftMs > 0 && this.#members.has(owner)) {
      this.#lookAgainIn(leftMs);
      return false;
    }
    this.#end(longest, 'Other code needs the room.');
    return true;
  }

  get #hasRoom(): boolean {
    return this.#members.size + this.#starting < this.#limits.maxProcesses;
  }

  /**
   * Ends the process that a batch has held longest, for a tool call that no other process can serve.
   * The rest of the batch is asked again later.
   */
  #interruptBatch(): void {
    const batches = this.#members.in('busy').filter(judged);
    const longest = longestIn(batches.filter(({ request }) => request?.mayInterrupt()));
    const heldMs = longest ? performance.now() - longest.since : 0;
    if (longest && heldMs >= longestDelayMs) {
      setState(longest, 'leaving');
      longest.process.kill('A call of a tool needs the process.');
    } else if (batches.length > 0) this.#lookAgainIn(longestDelayMs - heldMs);
  }

  #lookAgainIn(milliseconds: number): void {
    this.#nextLook ??= setTimeout(() => {
      this.#nextLook = undefined;
      this.#serve();
    }, milliseconds).unref();
  }

  #keepClean(): void {
    const isWaitedFor = this.#queues.live.size > 0 || this.#starting > 0;
    if (!isWaitedFor && !this.#members.clean && this.#hasRoom && !this.#stopping.signal.aborted) {
      this.#start();
    }
  }

  #start(): void {
    this.#starting += 1;
    const started = this.#starter.start().then(
      (process) => this.#join(process),
      (error) => {
        this.#starting -= 1;
        const refusal =
          error instanceof PlatformError
            ? error
            : pythonUnavailable(
                'The sandbox does not start. The log of the server says why.',
                error,
              );
        if (!this.#stopping.signal.aborted) {
          this.#logger.warn(errorFields(error), 'Python does not start.');
        }
        this.#refuseAll(refusal);
      },
    );
    this.#track(started);
  }

  #join(process: PythonProcess): void {
    this.#starting -= 1;
    const now = performance.now();
    const member: Member = {
      process,
      request: undefined,
      state: 'idle',
      since: now,
      ownedSince: now,
    };
    this.#members.add(member);
    void process.ended.then(() => {
      this.#members.delete(member);
      this.#serve();
    });
    this.#serve();
  }

  #track(start: Promise<void>): void {
    this.#starts.add(start);
    void start.finally(() => this.#starts.delete(start));
  }

  #refuseAll(error: Error): void {
    for (const waiter of this.#inTurn()) waiter.refuse(error);
  }

  #endIdle(): void {
    const now = performance.now();
    const isUnused = now - this.#usedAt > longestUnusedMs;
    for (const member of this.#members.in('idle')) {
      const isStale = member.request ? now - member.since > longestIdleMs : isUnused;
      if (isStale || !member.process.isUsable) this.#end(member, 'Nobody called it.');
    }
    if (!isUnused) this.#keepClean();
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
