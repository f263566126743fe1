import { answered, api } from '../../api/client.ts';

/** An evaluator and a log that it judges. */
export interface Pair {
  readonly evaluatorId: string;
  readonly logId: string;
}

/** How far it is. */
export interface Progress {
  readonly judged: number;
  /** Of these, judgments that could not be made. */
  readonly failed: number;
}

/** So many judgments are made at once. */
const atOnce = 4;

/**
 * Judges logs, and stores what the evaluators say. Those that were judged stay judged when it is
 * stopped, or when the server refuses one: then no more are begun.
 *
 * @throws ApiError for the first that is refused.
 */
export async function judgeLogs(
  pairs: readonly Pair[],
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
): Promise<Progress> {
  let progress: Progress = { judged: 0, failed: 0 };
  const next = pairs.values();
  const refused = new AbortController();
  const isOver = AbortSignal.any([signal, refused.signal]);
  const work = async () => {
    for (const pair of next) {
      if (isOver.aborted) return;
      const isFailed = await isFailure(pair, isOver);
      progress = { judged: progress.judged + 1, failed: progress.failed + Number(isFailed) };
      onProgress(progress);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } catch (error) {
    refused.abort();
    throw error;
  }
  return progress;
}

/** Makes a judgment. @returns whether it could not be made; its log says why. */
async function isFailure({ evaluatorId, logId }: Pair, signal: AbortSignal): Promise<boolean> {
  const body = { id: evaluatorId, log_id: logId, save: true };
  const { error } = answered(await api.POST('/v5/evaluators/call', { body, signal }));
  return error !== null;
}
