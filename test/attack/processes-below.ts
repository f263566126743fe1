import { readdirSync, readFileSync } from 'node:fs';

/** The processes that a process started, and those that these started. */
export function processesBelow(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name of the program, in parentheses, may have spaces.
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(name), parent: Number(parent) }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  const below = [pid];
  for (const one of below) {
    below.push(...parents.filter(({ parent }) => parent === one).map((child) => child.pid));
  }
  return below.slice(1);
}
