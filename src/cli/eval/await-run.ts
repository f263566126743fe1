import { setTimeout as pause } from 'node:timers/promises';
import { printableLines } from '../printable.ts';
import type { EvalApi } from './api.ts';

interface RunBody {
  readonly id: string;
  readonly status: string;
  readonly error?: string | null;
  readonly progress: Readonly<Record<'logs' | 'judgments', { wanted: number; done: number }>>;
}

/** The Run to wait for. */
interface AwaitedRun {
  readonly evaluationId: string;
  readonly id: string;
  /** Of its requests. */
  readonly path: string;
}

/** How long to wait between two looks at a Run. */
const pauseMs = 500;

/**
 * Waits until a Run has ended, and prints its progress to stderr. Ctrl-C, SIGTERM and the timeout
 * cancel it.
 *
 * @returns its last status, and why it did not end by itself.
 */
export async function awaitRun(
  api: EvalApi,
  run: AwaitedRun,
  timeoutMs: number,
): Promise<{ readonly status: string; readonly reason: string | null }> {
  const stopped = new AbortController();
  const stop = (reason: string) => () => stopped.abort(reason);
  const onSignal = stop('It was interrupted, so the Run was cancelled.');
  const timer = setTimeout(stop('It took too long, so the Run was cancelled.'), timeoutMs);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    let shown = '';
    for (;;) {
      const { status, error, progress } = await findRun(api, run);
      if (status === 'completed') return { status, reason: null };
      if (status === 'cancelled') return { status, reason: error ?? 'The Run was cancelled.' };
      if (stopped.signal.aborted) {
        const isCancelled = await cancelRun(api, run.path);
        if (isCancelled) return { status: 'cancelled', reason: String(stopped.signal.reason) };
        continue;
      }
      const { logs, judgments } = progress;
      const text = `Logs ${logs.done}/${logs.wanted}, judgments ${judgments.done}/${judgments.wanted}`;
      if (text !== shown) console.error(printableLines(text));
      shown = text;
      await pause(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Cancels a Run. @returns false when it has ended before. */
export async function cancelRun(api: EvalApi, path: string): Promise<boolean> {
  const answer = await api.requestOrConflict<RunBody>('PATCH', path, { status: 'cancelled' });
  return !('code' in answer);
}

async function findRun(api: EvalApi, { evaluationId, id }: AwaitedRun): Promise<RunBody> {
  const { runs } = await api.request<{ readonly runs: readonly RunBody[] }>(
    'GET',
    `/evaluations/${evaluationId}/runs`,
  );
  const run = runs.find((one) => one.id === id);
  if (!run) throw new Error(`The Run ${id} was removed from its Evaluation.`);
  return run;
}
