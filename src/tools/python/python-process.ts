import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { clipText, storableText } from '../../kernel/text.ts';
import { hostPathsHidden } from './host-paths.ts';
import { lineReader } from './line-reader.ts';
import type { PythonLimits } from './python-call.ts';
import type { SandboxProgram } from './sandbox-program.ts';
import { killWhen, lowerPriority, type SandboxChild, spawnSandbox } from './spawn-sandbox.ts';
import { type ProcessEnd, waitForEnd } from './wait-for-end.ts';

/**
 * Milliseconds until a process must be ready. A start takes 0.4 s on an idle machine, 3 s without a
 * snapshot.
 */
const startTimeoutMs = 120_000;

/** Milliseconds between two checks of a process's memory. */
const watchIntervalMs = 100;

/** Milliseconds after a call during which V8 may still compile and collect what it left. */
const settleMs = 1_000;

/** How many milliseconds a process may work between two calls, once it has settled. */
const longestWorkAtRestMs = 300;

/** The memory that a process needs besides Python's own: Deno, and the program of Python. */
const baseBytes = 384 * 1024 * 1024;

/** Total milliseconds of calls after which a new process replaces this one. */
export const longestUseMs = 300_000;

/** Milliseconds after which a new process replaces this one, however little it did. */
const longestLifeMs = 3_600_000;

/** The longest time limit of one call or item in milliseconds. */
const longestTimeoutMs = 600_000;

/** The longest error in characters: what `runner.py` keeps, and the note that it was cut. */
const errorCharacters = 20_100;

export type SandboxMessage = Readonly<Record<string, unknown>>;

/**
 * What a message was for the exchange that it belongs to: `more` will come, an item has been `told`
 * and the next one begins, all is `done`, or only code that forges messages sends it.
 */
export type Reception = 'more' | 'told' | 'done' | 'forged';

/** One question to a process, and what is done with its answers. */
export interface Exchange {
  /** The question has it, and each answer must. */
  readonly id: number | string;
  readonly question: Readonly<Record<string, unknown>>;
  /** Milliseconds until the first `told` or `done`, and between one and the next. */
  readonly timeoutMs: number;
  /** The setting that has this limit. */
  readonly timeoutSetting: string;
  receive(message: SandboxMessage): Reception;
}

/** Why an exchange ended before it was done. */
export interface ExchangeFailure {
  /** A sentence. */
  readonly error: string;
  /** False when we ended the process for a reason of our own. */
  readonly isOfCode: boolean;
}

/**
 * A sandbox process that is ready for exchanges, one after the other.
 *
 * Its answers are not trusted: code that controls the process can send any answer, but only to its
 * own exchange, and within the size limits. Anything else ends the process.
 */
export class PythonProcess {
  readonly ended: Promise<ProcessEnd>;
  /** Replaces the paths of the host that the process knows of. */
  readonly hideHostPaths: (text: string) => string;
  readonly #child: SandboxChild;
  readonly #limits: PythonLimits;
  readonly #startedAt = performance.now();
  #readyAt = this.#startedAt;
  #watch: NodeJS.Timeout | undefined;
  #exchange: (Exchange & { finish(failure: ExchangeFailure | undefined): void }) | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #askedAt: number | undefined;
  #received = 0;
  #exchanges = 0;
  #usedMs = 0;
  /** When its last exchange ended; undefined while there is one. */
  #restsSince: number | undefined;
  /** How long it had worked when it settled after its last exchange. */
  #workedAtRest: number | undefined;
  #isOver = false;
  #isWorn = false;
  /** Bytes of memory that it took when it was ready, and that it takes now. */
  #memory: { readonly atFirst: number; readonly now: number } | undefined;
  #killedFor: ExchangeFailure | undefined;

  private constructor(
    child: SandboxChild,
    ended: Promise<ProcessEnd>,
    limits: PythonLimits,
    hideHostPaths: (text: string) => string,
  ) {
    this.hideHostPaths = hideHostPaths;
    this.#child = child;
    this.#limits = limits;
    this.ended = ended.then((end) => {
      this.#isOver = true;
      clearInterval(this.#watch);
      this.#finish(this.#killedFor ?? { error: 'Python ended during the call.', isOfCode: true });
      return end;
    });
  }

  /**
   * @param signal aborts the start; it has no effect on a process that is ready.
   * @throws Error that says why the process does not start.
   */
  static async start(
    program: SandboxProgram,
    snapshot: string | undefined,
    limits: PythonLimits,
    signal: AbortSignal,
  ): Promise<PythonProcess> {
    signal.throwIfAborted();
    const folder = await mkdtemp(join(tmpdir(), 'loopwright-python-'));
    const { account } = program;
    if (account) await chown(folder, account.uid, account.gid);
    const longestCallMs = Math.max(limits.timeoutMs, longestTimeoutMs);
    const processorSeconds = Math.ceil((2 * (longestUseMs + longestCallMs)) / 1_000);
    const options = { folder, memoryBytes: limits.memoryBytes, processorSeconds };
    const child = spawnSandbox(program, { task: 'serve', snapshot }, options);
    const ended = waitForEnd(child).finally(() => rm(folder, { recursive: true, force: true }));
    // Writing to a process that has ended fails; `ended` reports that already.
    child.stdin.on('error', () => undefined);
    child.stdout.on('error', () => undefined);
    const stopWaiting = killWhen(
      AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)]),
      child,
    );
    const hidden = hostPathsHidden(program, [folder, ...(snapshot ? [dirname(snapshot)] : [])]);
    const process = new PythonProcess(child, ended, limits, hidden);
    await new Promise<void>((resolve, reject) => {
      void ended.then(({ reason }) => reject(new Error(`Python does not start: ${reason}`)));
      const read = lineReader((line) => {
        if (line === '{"ready":true}') resolve();
        else process.#receive(line);
      });
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (text: string) => {
        process.#count(text);
        read(text);
      });
    }).finally(stopWaiting);
    process.#readyAt = performance.now();
    // Not earlier: it seems to grow as long as it starts.
    process.#watch = setInterval(() => {
      void process.#watchMemory();
      void process.#watchRest();
    }, watchIntervalMs).unref();
    child.stderr.destroy();
    // Not earlier: a caller waits for the start.
    lowerPriority(child);
    return process;
  }

  /**
   * False when it has ended, or should be replaced: it has worked or lived long, ran out of memory,
   * or keeps half of the memory that code may have.
   */
  get isUsable(): boolean {
    const kept = this.#memory ? this.#memory.now - this.#memory.atFirst : 0;
    return (
      !this.#isOver &&
      !this.#isWorn &&
      this.#killedFor === undefined &&
      this.#usedMs < longestUseMs &&
      performance.now() - this.#startedAt < longestLifeMs &&
      kept <= this.#limits.memoryBytes / 2
    );
  }

  /** Milliseconds that its start took. */
  get startMs(): number {
    return this.#readyAt - this.#startedAt;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How many exchanges it has begun. */
  get exchanges(): number {
    return this.#exchanges;
  }

  /** An error that the process told: it can be stored, and shows no path of the host. */
  readError(text: string): string {
    return storableText(clipText(this.hideHostPaths(text), errorCharacters));
  }

  /**
   * Asks, and hands each answer to `receive`, until it is `done`.
   *
   * @param signal aborting it kills the process.
   * @returns why the exchange ended early; undefined when it is done.
   * @throws the reason of the signal.
   */
  async exchange(exchange: Exchange, signal: AbortSignal): Promise<ExchangeFailure | undefined> {
    signal.throwIfAborted();
    const cancel = () => this.kill('The call was cancelled.');
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const failure = await new Promise<ExchangeFailure | undefined>((finish) => {
        this.#exchanges += 1;
        this.#restsSince = undefined;
        this.#exchange = { ...exchange, finish };
        this.#setDeadline(exchange);
        // Nothing of it was run, so it is no failure of the code.
        const over = { error: 'Python ended before the call.', isOfCode: false };
        if (this.#isOver) this.#finish(over);
        this.#child.stdin.write(`${JSON.stringify({ id: exchange.id, ...exchange.question })}\n`);
      });
      signal.throwIfAborted();
      return failure;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /**
   * Ends the process for a reason of ours: what it runs is not to blame.
   *
   * @param why a sentence.
   */
  kill(why: string): void {
    this.#kill({ error: why, isOfCode: false });
  }

  #kill(failure: ExchangeFailure): void {
    this.#killedFor ??= failure;
    this.#child.kill('SIGKILL');
  }

  #stop(why: string): void {
    this.#kill({ error: why, isOfCode: true });
  }

  #receive(line: string): void {
    // Output after a reason to kill the process cannot be trusted, even when it arrived in the same
    // chunk.
    if (this.#killedFor !== undefined) return;
    const exchange = this.#exchange;
    const message = parseMessage(line);
    const reception =
      exchange && message?.['id'] === exchange.id ? exchange.receive(message) : 'forged';
    if (message?.['worn'] === true) this.#isWorn = true;
    if (reception === 'forged') {
      this.#stop('The code wrote to a channel that only the sandbox may use, and was stopped.');
    } else if (reception === 'done') {
      this.#finish(undefined);
    } else if (reception === 'told') {
      if (exchange) this.#setDeadline(exchange);
      // The rest of a batch goes on in a new process.
      if (!this.isUsable) this.kill('The process is to be replaced.');
    }
  }

  #setDeadline({ timeoutMs, timeoutSetting }: Exchange): void {
    this.#endDeadline();
    this.#received = 0;
    this.#askedAt = performance.now();
    this.#deadline = setTimeout(
      () =>
        this.#stop(
          `The code ran longer than ${timeoutMs / 1_000} s (${timeoutSetting}) and was stopped.`,
        ),
      timeoutMs,
    );
  }

  #endDeadline(): void {
    clearTimeout(this.#deadline);
    if (this.#askedAt !== undefined) this.#usedMs += performance.now() - this.#askedAt;
    this.#askedAt = undefined;
  }

  #finish(failure: ExchangeFailure | undefined): void {
    this.#endDeadline();
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#restsSince = performance.now();
    exchange?.finish(failure);
  }

  /**
   * A call may write as much as its limits allow, in the largest encoding and in the smallest
   * pieces.
   */
  #count(text: string): void {
    const { stdoutCharacters, outputCharacters } = this.#limits;
    this.#received += text.length;
    const most = 40 * stdoutCharacters + 6 * (outputCharacters + errorCharacters) + 10_000;
    if (this.#received > most) this.#stop('The code wrote too much, and was stopped.');
  }

  async #watchMemory(): Promise<void> {
    const bytes = await residentBytes(this.#child.pid);
    if (bytes === undefined) return;
    this.#memory = { atFirst: this.#memory?.atFirst ?? bytes, now: bytes };
    if (bytes <= this.#limits.memoryBytes + baseBytes) return;
    const megabytes = Math.floor(this.#limits.memoryBytes / 1024 / 1024);
    this.#stop(
      `The code used more than ${megabytes} MB of memory (PYTHON_MEMORY_MEGABYTES) and was stopped.`,
    );
  }

  /** Ends the process when code goes on working after its call, e.g. in a worker. */
  async #watchRest(): Promise<void> {
    const restsSince = this.#restsSince;
    if (restsSince === undefined || performance.now() - restsSince < settleMs) {
      this.#workedAtRest = undefined;
      return;
    }
    const workedMs = await processorMs(this.#child.pid);
    if (workedMs === undefined || restsSince !== this.#restsSince) return;
    this.#workedAtRest ??= workedMs;
    if (workedMs - this.#workedAtRest > longestWorkAtRestMs) {
      this.kill('The code went on working after its call.');
    }
  }
}

/** The memory of a process in bytes; undefined on systems without `/proc`. */
async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

/** How long a process has worked, in milliseconds; undefined on systems without `/proc`. */
async function processorMs(pid: number | undefined): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name of the program, in parentheses, may have spaces. A tick is 10 ms.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

function parseMessage(line: string): SandboxMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as SandboxMessage) : undefined;
  } catch {
    return undefined;
  }
}
