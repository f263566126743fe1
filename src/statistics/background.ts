import { Worker } from 'node:worker_threads';
import type { bootstrapMean } from './bootstrap.ts';
import type { comparePairs } from './compare-pairs.ts';

/** The functions that take too long for the thread that answers requests: up to 0.5 s a call. */
export interface SlowStatistics {
  bootstrapMean: typeof bootstrapMean;
  comparePairs: typeof comparePairs;
}

type Name = keyof SlowStatistics;
type Result<N extends Name> = ReturnType<SlowStatistics[N]>;

/** What the thread is asked, and what it answers, in the same order. */
export interface Question<N extends Name = Name> {
  readonly name: N;
  readonly args: Parameters<SlowStatistics[N]>;
}

interface Asked {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds without a question after which the thread is ended. */
const idleMs = 10_000;

let thread: { readonly worker: Worker; readonly asked: Asked[] } | undefined;
let idle: NodeJS.Timeout | undefined;

/** Runs a function of this room in a thread of its own. One thread takes all calls in turn. */
export function inBackground<N extends Name>(
  name: N,
  ...args: Parameters<SlowStatistics[N]>
): Promise<Result<N>> {
  thread ??= startThread();
  const { worker, asked } = thread;
  clearTimeout(idle);
  // The thread keeps the process alive only while somebody waits.
  worker.ref();
  return new Promise((resolve, reject) => {
    asked.push({ resolve, reject });
    worker.postMessage({ name, args } satisfies Question<N>);
  });
}

function startThread(): NonNullable<typeof thread> {
  const worker = new Worker(new URL('./background-thread.ts', import.meta.url));
  const asked: Asked[] = [];
  const started = { worker, asked };
  worker.on('message', (result) => {
    asked.shift()?.resolve(result as never);
    if (asked.length > 0) return;
    worker.unref();
    idle = setTimeout(end, idleMs).unref();
  });
  worker.on('error', (error) => {
    for (const { reject } of asked.splice(0)) reject(error);
    if (thread === started) thread = undefined;
  });
  return started;
}

function end(): void {
  void thread?.worker.terminate();
  thread = undefined;
}
