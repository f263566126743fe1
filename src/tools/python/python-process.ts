import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clipText, storableText } from '../../kernel/text.ts';
import { lineReader } from './line-reader.ts';
import type { PythonCall, PythonLimits, PythonResult } from './python-call.ts';
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

/** The memory that a process needs besides Python's own: Deno, and the program of Python. */
const baseBytes = 384 * 1024 * 1024;

/** Total milliseconds of calls after which a new process replaces this one. */
export const longestUseMs = 300_000;

/** The longest error in characters: what `runner.py` keeps, and the note that it was cut. */
const errorCharacters = 20_100;

interface PendingCall {
  readonly id: number;
  stdout: string;
  finish(result: PythonResult): void;
}

/**
 * A sandbox process that is ready for calls, one after the other.
 *
 * Its answers are not trusted: code that controls the process can send any answer, but only to its
 * own call, and within the size limits. Anything else ends the process.
 */
export class PythonProcess {
  readonly ended: Promise<ProcessEnd>;
  readonly #child: SandboxChild;
  readonly #limits: PythonLimits;
  readonly #watch: NodeJS.Timeout;
  #pending: PendingCall | undefined;
  #received = 0;
  #calls = 0;
  #usedMs = 0;
  #isOver = false;
  /** Why we killed the process; it becomes the error of the call. */
  #killedFor: string | undefined;

  private constructor(child: SandboxChild, ended: Promise<ProcessEnd>, limits: PythonLimits) {
    this.#child = child;
    this.#limits = limits;
    this.#watch = setInterval(() => void this.#watchMemory(), watchIntervalMs).unref();
    this.ended = ended.then((end) => {
      this.#isOver = true;
      clearInterval(this.#watch);
      this.#finish({ output: null, error: this.#killedFor ?? 'Python ended during the call.' });
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
    const processorSeconds = Math.ceil((2 * (longestUseMs + limits.timeoutMs)) / 1_000);
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
    const process = new PythonProcess(child, ended, limits);
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
    child.stderr.destroy();
    // Not earlier: a caller waits for the start.
    lowerPriority(child);
    return process;
  }

  /** False when it has ended, or has reached its limits. */
  get isUsable(): boolean {
    return !this.#isOver && this.#killedFor === undefined && this.#usedMs < longestUseMs;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Runs code. Errors of the code are part of the result.
   *
   * @param signal aborting it kills the process.
   * @throws the reason of the signal.
   */
  async call(call: PythonCall, signal: AbortSignal): Promise<PythonResult> {
    signal.throwIfAborted();
    const began = performance.now();
    const { timeoutMs, stdoutCharacters, outputCharacters } = this.#limits;
    const cancel = () => this.kill('The call was cancelled.');
    signal.addEventListener('abort', cancel, { once: true });
    const timer = setTimeout(
      () => this.kill(`The code ran longer than ${timeoutMs / 1_000} s and was stopped.`),
      timeoutMs,
    );
    try {
      const result = await new Promise<PythonResult>((finish) => {
        this.#calls += 1;
        this.#received = 0;
        this.#pending = { id: this.#calls, stdout: '', finish };
        if (this.#isOver) this.#finish({ output: null, error: 'Python ended before the call.' });
        const limits = { stdout_limit: stdoutCharacters, output_limit: outputCharacters };
        this.#child.stdin.write(`${JSON.stringify({ id: this.#calls, ...call, ...limits })}\n`);
      });
      signal.throwIfAborted();
      return result;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      this.#usedMs += performance.now() - began;
    }
  }

  /** @param why the error of the call under way: a sentence. */
  kill(why: string): void {
    this.#killedFor ??= why;
    this.#child.kill('SIGKILL');
  }

  #receive(line: string): void {
    // Output after a reason to kill the process cannot be trusted, even when it arrived in the same
    // chunk.
    if (this.#killedFor !== undefined) return;
    const call = this.#pending;
    const message = parseMessage(line);
    if (!call || message?.['id'] !== call.id) {
      this.kill('The code wrote to a channel that only the sandbox may use, and was stopped.');
      return;
    }
    const { stdout, output, error } = message;
    // The runner cuts printed text and says so, so a longer text can only be forged.
    const most = this.#limits.stdoutCharacters + 100;
    if (typeof stdout === 'string') call.stdout = clipText(call.stdout + stdout, most);
    else if (typeof error === 'string') this.#finish({ output: null, error });
    else if (typeof output === 'string') this.#finish({ output, error: null });
    else this.kill('The code wrote to a channel that only the sandbox may use, and was stopped.');
  }

  #finish({ output, error }: Pick<PythonResult, 'output' | 'error'>): void {
    const call = this.#pending;
    if (!call) return;
    this.#pending = undefined;
    call.finish({
      output: output && storableText(clipText(output, this.#limits.outputCharacters)),
      error: error && storableText(clipText(error, errorCharacters)),
      stdout: call.stdout === '' ? null : storableText(call.stdout),
    });
  }

  /**
   * A call may write as much as its limits allow, in the largest encoding and in the smallest
   * pieces.
   */
  #count(text: string): void {
    const { stdoutCharacters, outputCharacters } = this.#limits;
    this.#received += text.length;
    const most = 40 * stdoutCharacters + 6 * (outputCharacters + errorCharacters) + 10_000;
    if (this.#received > most) this.kill('The code wrote too much, and was stopped.');
  }

  async #watchMemory(): Promise<void> {
    const bytes = await residentBytes(this.#child.pid);
    if (bytes === undefined || bytes <= this.#limits.memoryBytes + baseBytes) return;
    const megabytes = Math.floor(this.#limits.memoryBytes / 1024 / 1024);
    this.kill(`The code used more than ${megabytes} MB of memory and was stopped.`);
  }
}

/** The memory of a process in bytes; undefined on systems without `/proc`. */
async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

function parseMessage(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
