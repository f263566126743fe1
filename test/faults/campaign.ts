import { bothTools, killAtEachBoundary, nestedAgents, withKeys } from './boundaries.ts';
import { type Options, replayCommand } from './options.ts';
import { playRound } from './round.ts';
import { Tally } from './tally.ts';
import { startWorld } from './world.ts';

/** Called with a line about the progress of a campaign. */
export type Say = (line: string) => void;

/** Plays rounds until the number of runs is reached, then checks what was left behind. */
export async function runCampaign(options: Options, say: Say): Promise<Tally> {
  const tally = new Tally();
  const { servers, leaseSeconds, withPython } = options;
  const world = await startWorld({ servers, leaseSeconds, withPython });
  let left = options.runs;
  try {
    for (const each of options.withBoundaries ? [bothTools, withKeys, nestedAgents] : []) {
      const writes = await killAtEachBoundary(world, tally, each);
      tally.add('writes with a kill before and after', writes);
      say(`${each.name}: killed before and after each of ${writes} writes`);
      for (const violation of tally.violations) say(`  ${violation}`);
    }
    for (let seed = options.seed; left > 0; seed++) {
      const runs = Math.min(options.together, left);
      left -= runs;
      const before = tally.violations.length;
      const startedAt = performance.now();
      await playRound(world, tally, { seed, runs, hasFaults: options.hasFaults });
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      const found = tally.violations.slice(before);
      say(`seed ${seed}: ${runs} runs in ${seconds} s, ${options.runs - left} of ${options.runs}`);
      if (found.length === 0) continue;
      for (const violation of found) say(`  ${violation}`);
      say(`  replay: ${replayCommand(options, seed, runs)}`);
      if (!options.goesOn) break;
    }
  } finally {
    const before = tally.violations.length;
    for (const slot of world.slots) {
      const faults = slot.logged
        .join('')
        .split('\n')
        .filter((line) => /A run failed|"level":"error"/.test(line))
        // Expected: the faults themselves make Postgres unreachable.
        .filter((line) => !line.includes('The database cannot be reached'));
      for (const line of faults.slice(0, 5)) tally.violation(`server ${slot.number}: ${line}`);
    }
    for (const process of await world.close()) tally.violation(`a process is left: ${process}`);
    for (const violation of tally.violations.slice(before)) say(violation);
  }
  return tally;
}
