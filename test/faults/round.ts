import { checkDeletions } from './check-deletions.ts';
import { checkInterruptions, findInterruptions } from './check-interruptions.ts';
import { checkLogs } from './check-logs.ts';
import { checkStreams } from './check-streams.ts';
import { checkWork } from './check-work.ts';
import { Client } from './client.ts';
import { Dice, deriveSeed } from './dice.ts';
import { EvaluationRuns } from './evaluation-runs.ts';
import { FaultInjector } from './fault-injector.ts';
import { planFaults } from './fault-plan.ts';
import { KeyedCalls } from './keyed-calls.ts';
import { processesLeft } from './processes-left.ts';
import { scriptFor } from './script.ts';
import { readStoredRuns } from './stored-runs.ts';
import { findTakeovers } from './takeovers.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';
import { Writer } from './writer.ts';

export interface RoundOptions {
  readonly seed: number;
  /** The number of runs, all side by side. */
  readonly runs: number;
  readonly hasFaults: boolean;
}

/** The average number of writes of a run. */
const writesOfRun = 5;

/** Plays some runs side by side, with faults, and then checks them. */
export async function playRound(world: World, tally: Tally, options: RoundOptions): Promise<void> {
  const { seed, runs, hasFaults } = options;
  world.models.forget();
  world.tools.forget();
  const dice = new Dice(deriveSeed(seed, 0));
  const injector = new FaultInjector(world, tally);
  const faults = hasFaults
    ? planFaults(dice, {
        servers: world.slots.length,
        writes: Math.ceil((runs * writesOfRun) / world.slots.length),
        leaseSeconds: world.options.leaseSeconds,
      })
    : [];
  injector.arm(faults);

  const clients = Array.from(
    { length: runs },
    (_, n) => new Client(world, tally, scriptFor(deriveSeed(seed, n + 1), world.slots.length)),
  );
  const writer = new Writer(world, tally, seed);
  const keyedCalls = new KeyedCalls(world, tally, seed);
  const evaluationRuns = new EvaluationRuns(world, tally, seed);
  const outcomes = await Promise.allSettled([
    ...clients.map((client) => client.live()),
    writer.write(Math.ceil(runs / 2)),
    keyedCalls.call(Math.ceil(runs / 8)),
    evaluationRuns.live(),
  ]);
  await injector.settle();
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') tally.violation(String(outcome.reason));
  }
  const servers = world.slots.flatMap(({ pid }) => pid ?? []);
  for (const left of await processesLeft(world.folder, servers)) {
    tally.violation(`a process has outlived its server: ${left}`);
  }
  await writer.check();
  await keyedCalls.check();
  await evaluationRuns.check();
  await check(world, tally, clients, { mayInterrupt: injector.hasStruck });
}

/**
 * Checks everything that the runs have left behind.
 *
 * @param options.mayInterrupt true: servers were killed or hindered, so runs may have lost the keys
 *   of their calls.
 */
export async function check(
  world: World,
  tally: Tally,
  clients: readonly Client[],
  { mayInterrupt }: { readonly mayInterrupt: boolean },
): Promise<void> {
  const stories = clients.map(({ story }) => story);
  for (const story of stories) await checkStreams(world, tally, story);
  const stored = await readStoredRuns(
    world,
    stories.map(({ logId }) => logId),
  );
  const { calls, flaws } = world.models;
  const { uses } = world.tools;
  const work = { calls, uses };
  tally.add('agents, with nested ones', stored.logs.filter(({ type }) => type === 'agent').length);
  tally.add('turns', stored.turns.length);
  tally.add('model calls', calls.length);
  tally.add('tool calls', uses.length);
  for (const { afterMs } of findTakeovers(stored)) {
    tally.add('runs taken over');
    tally.most('longest silence before a takeover (ms)', Math.round(afterMs));
  }
  tally.add('runs interrupted', findInterruptions(stored).length);
  const found = [
    ...flaws,
    ...(await checkDeletions(world, stories, calls)),
    ...checkInterruptions(stored, stories, mayInterrupt),
    ...checkLogs(stored, stories, world.options),
    ...checkWork(stored, stories, work, world.options),
  ];
  for (const flaw of found) tally.violation(flaw);
}
