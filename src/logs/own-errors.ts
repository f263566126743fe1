/** What the log of a run says that was cancelled. */
export const cancelled = 'cancelled';

/** What a log and a stream say of a fault of ours. */
export const brokenMessage = 'The run broke by a fault of the server.';

/** What the log of a run says whose server died, and of which nothing was stored to go on with. */
export const notResumable =
  'The server that drove the run is gone, and with `save: false` nothing is stored to go on with.';

/** What the log of a run says that took longer than it may. */
export const timedOutMessage = (timeoutMs: number) =>
  `The run was ended: it took longer than ${timeoutMs / 1_000} s.`;

const timedOut = /^The run was ended: it took longer than [\d.e-]+ s\.$/;

const words: ReadonlySet<string | null> = new Set([cancelled, brokenMessage, notResumable]);

/** Whether an error tells nothing of what was said, so that it may be stored where that may not. */
export function isOwnError(error: string | null): boolean {
  return words.has(error) || timedOut.test(error ?? '');
}
