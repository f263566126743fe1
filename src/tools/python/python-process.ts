import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clipText, storableText } from '../../kernel/text.ts';
import { lineReader } from './line-reader.ts';
import { ownEnd, type ProcessEnd } from './own-end.ts';
import type { PythonCall, PythonLimits, PythonResult } from './python-call.ts';
import type { SandboxProgram } from './sandbox-program.ts';
import { killWhen, type SandboxChild, spawnSandbox, yieldToOthers } from './spawn-sandbox.ts';

/** Milliseconds until a process must be ready; it takes 0.4 s alone, 3 s without a snapshot. */
const longestStart = 120_000;

/** Milliseconds between two looks at how much memory a process takes. */
const watchIntervalMs = 100;

/** What a process takes beside Python's memory: Deno itself, and the program of Python. */
const baseBytes = 384 * 1024 * 1024;

/** Milliseconds of calls after which a process makes room for a new one. */
export const longestUseMs = 300_000;

/** Characters of an error: what `runner.py` keeps, and the note that it was cut. */
const errorCharacters = 20_100;

interface PendingCall {
  readonly id: number;
  stdout: string;
  finish(result: PythonResult): void;
}

/**
 * A process of the sandbox that is ready for calls, one after the other.
 *
 * What it says is not trusted: code that has got hold of it can answer as it likes, but only its own
 * call, within limits of size. Anything else ends it.
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
  /** Why we killed it, as the call's error. */
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
   * @param signal ends the start when it fires; a process that is ready is no concern of it.
   * @throws an Error that tells why it does not start.
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
    const ended = ownEnd(child).finally(() => rm(folder, { recursive: true, force: true }));
    // A process that has ended cannot be written to; that it has is told by `ended`.
    child.stdin.on('error', () => undefined);
    child.stdout.on('error', () => undefined);
    const stopWaiting = killWhen(
      AbortSignal.any([signal, AbortSignal.timeout(longestStart)]),
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
    // Not before: somebody waits for the start.
    yieldToOthers(child);
    return process;
  }

  /** False when it has ended, or has done enough. */
  get isUsable(): boolean {
    return !this.#isOver && this.#killedFor === undefined && this.#usedMs < longestUseMs;
  }

  /** The system's number of the process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Runs code. Whatever goes wrong in it is in the result.
   *
   * @param signal kills the process when it fires.
   * @throws what the signal was fired with.
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

  /** @param why what the call under way is told, as a sentence. */
  kill(why: string): void {
    this.#killedFor ??= why;
    this.#child.kill('SIGKILL');
  }

  #receive(line: string): void {
    // What comes after a reason to kill it is worth nothing, even if it came in one piece with it.
    if (this.#killedFor !== undefined) return;
    const call = this.#pending;
    const message = messageOf(line);
    if (!call || message?.['id'] !== call.id) {
      this.kill('The code wrote what only the sandbox may write, and was stopped.');
      return;
    }
    const { stdout, output, error } = message;
    // The runner cuts what is printed and says so; more than that can only be forged.
    const most = this.#limits.stdoutCharacters + 100;
    if (typeof stdout === 'string') call.stdout = clipText(call.stdout + stdout, most);
    else if (typeof error === 'string') this.#finish({ output: null, error });
    else if (typeof output === 'string') this.#finish({ output, error: null });
    else this.kill('The code wrote what only the sandbox may write, and was stopped.');
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

  /** A call may say as much as its limits allow, in the worst of encodings, in the smallest pieces. */
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
    this.kill(`The code took more memory than ${megabytes} MB and was stopped.`);
  }
}

/** How much memory a process takes; undefined where the system has no `/proc` to tell it. */
async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

function messageOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
