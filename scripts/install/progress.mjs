/** Milliseconds between two looks; where there is no terminal, a line is written every tenth. */
const intervalMs = 1_000;

/**
 * Shows how far an install is: on a terminal in one line that is written over, elsewhere now and then in
 * a new one.
 *
 * @param what `Installing the packages`
 * @returns a function that ends it.
 */
export function showProgress(what, { total, count }) {
  const { isTTY } = process.stderr;
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1_000);
  let ticks = 0;
  if (!isTTY) console.error(`${what}. This happens once, and takes about a minute.`);
  const timer = setInterval(() => {
    ticks++;
    if (!isTTY && ticks % 10 > 0) return;
    const line = `${what}: ${count()} of ${total}, ${seconds()} s`;
    // The rest of a longer line is cleared.
    process.stderr.write(isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  }, intervalMs);
  return () => {
    clearInterval(timer);
    if (isTTY) process.stderr.write('\r\x1b[K');
  };
}
