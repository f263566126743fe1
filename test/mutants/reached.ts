import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const noted = new Set<string>();

/** Notes that the test file that runs, or a process it started, has come by a mark. */
export function reached(mark: string): void {
  const { MUTANTS_TEST: test, MUTANTS_REACHED: folder } = process.env;
  const note = `${test}\n${mark}`;
  if (!test || !folder || noted.has(note)) return;
  noted.add(note);
  appendFileSync(join(folder, encodeURIComponent(test)), `${mark}\n`);
}
