import { Lines } from './lines.ts';

/**
 * Turns without a long step after each one with such a step. libuv accepts one connection in a turn,
 * so hundreds of clients who arrive at once would each wait for a long step. An idle turn takes 2 µs.
 */
const turnsBetween = 64;

const waiting = new Lines<() => void>();
let isServing = false;

/**
 * Waits for a turn of the event loop to take a step that may take long, such as parsing a big body.
 * Others are answered between any two such steps: with `setImmediate` alone, all that wait would run
 * in the same turn. Organizations take turns.
 *
 * @param owner the organization for which the step is taken, or the kind of work where it is not
 *   known.
 */
export function longTurn(owner: string): Promise<void> {
  return new Promise((begin) => {
    waiting.add(owner, begin);
    if (isServing) return;
    isServing = true;
    setImmediate(serve);
  });
}

function serve(): void {
  const begin = waiting.next();
  isServing = begin !== undefined;
  if (!begin) return;
  begin();
  rest(turnsBetween);
}

function rest(turns: number): void {
  setImmediate(() => (turns > 0 ? rest(turns - 1) : serve()));
}
