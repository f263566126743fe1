/** Milliseconds between two updates; without a terminal, every tenth update writes a line. */
const intervalMs = 1_000;

/**
 * Shows the progress of an install: on a terminal in one line that is rewritten, elsewhere as new
 * lines from time to time.
 *
 * @param what `Installing the packages`
 * @returns a function that ends it.
 */
export function showProgress(what, { total, count }) {
  const { isTTY } = process.stderr;
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1_000);
  let ticks = 0;
  if (!isTTY) console.error(`${what}. This happens once and takes about a minute.`);
  const timer = setInterval(() => {
    ticks++;
    if (!isTTY && ticks % 10 > 0) return;
    const line = `${what}: ${count()} of ${total}, ${seconds()} s`;
    // Clear the rest of a longer earlier line.
    process.stderr.write(isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  }, intervalMs);
  return () => {
    clearInterval(timer);
    if (isTTY) process.stderr.write('\r\x1b[K');
  };
}
