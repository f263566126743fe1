import { Client } from './client.ts';
import type { Boundary } from './database-proxy.ts';
import { FaultInjector } from './fault-injector.ts';
import { type Plan, type PlanOptions, planOf } from './plan.ts';
import { check } from './round.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** What a run is like whose server is killed at each of its writes in turn. */
export interface BoundaryCase {
  readonly name: string;
  /** What its plan must be like. */
  readonly isLike: (plan: Plan) => boolean;
  readonly isNested: boolean;
  /** True: with its server go the keys for its model calls. */
  readonly bringsKeys: boolean;
}

const tools = ({ turns }: Plan) => turns.map(({ calls }) => calls.map(({ tool }) => tool).join());

/** Plans without what makes the number of writes differ from one time to the next. */
const isSteady = ({ turns }: Plan) => turns.every(({ troubles }) => troubles.length === 0);

/** One of the client's tools and one of the server's, at the same time. */
export const bothTools: BoundaryCase = {
  name: 'a tool of the server and one of the client',
  isNested: false,
  bringsKeys: false,
  isLike: (plan) => isSteady(plan) && tools(plan).join() === 'count,lookup,',
};

/** The same, called with keys of its client's own. */
export const withKeys: BoundaryCase = {
  ...bothTools,
  name: 'the same with keys of the call',
  bringsKeys: true,
};

/** An agent that calls an agent that calls a third one. */
export const nestedAgents: BoundaryCase = {
  name: 'agents nested two deep',
  isNested: true,
  bringsKeys: false,
  isLike: (plan) => isSteady(plan) && tools(plan)[0] === 'middle' && plan.turns.length === 2,
};

/**
 * Kills the server of a run right before its first write, in another run right after it, then at
 * the second, and so on, until a run has ended before its server could be killed.
 *
 * @returns how many writes the run has.
 */
export async function killAtEachBoundary(
  world: World,
  tally: Tally,
  each: BoundaryCase,
): Promise<number> {
  const plans = seedsOf(each.isLike, world.options);
  // Writes of nested agents do not name the log of the client: only a run alone can be counted.
  const together = each.isNested ? 1 : world.slots.length - 1;
  for (let first = 0; ; first += together) {
    await Promise.all(world.slots.map((slot) => slot.start()));
    const cases = Array.from({ length: together }, (_, n) => ({
      boundary: boundaryOf(first + n),
      planSeed: plans.next().value as number,
    }));
    const areKilled = await killAt(world, tally, cases, each);
    // One that is to be killed after its last write may be seen to have ended a moment before.
    const missed = cases.findIndex(
      ({ boundary }, n) => boundary.side === 'before' && !areKilled[n],
    );
    if (missed !== -1) return boundaryOf(first + missed).number - 1;
  }
}

/** Before the first write, after it, before the second, … */
function boundaryOf(index: number): Boundary {
  return { number: 1 + Math.floor(index / 2), side: index % 2 === 0 ? 'before' : 'after' };
}

/** Seeds of plans that are alike: each run has its own, so that its model calls are told apart. */
function* seedsOf(isLike: BoundaryCase['isLike'], options: PlanOptions): Generator<number, never> {
  for (let seed = 1; ; seed++) if (isLike(planOf(seed, 0, options))) yield seed;
}

/** Side by side, each at a server of its own. @returns false for a run that had ended before. */
async function killAt(
  world: World,
  tally: Tally,
  cases: readonly { readonly boundary: Boundary; readonly planSeed: number }[],
  { isNested, bringsKeys }: BoundaryCase,
): Promise<readonly boolean[]> {
  world.models.forget();
  world.tools.forget();
  const kills = cases.map(({ boundary, planSeed }, slot) => {
    const { number, side } = boundary;
    const logId = `boundary${bringsKeys ? '-keys' : ''}-${planSeed}-${number}-${side}`;
    const injector = new FaultInjector(world, tally);
    const of = isNested ? undefined : logId;
    injector.killAt({ ...boundary, of });
    const client = new Client(world, tally, {
      logId,
      planSeed,
      save: true,
      manner: (['plain', 'stream', 'async'] as const)[(number + slot) % 3] ?? 'plain',
      server: slot,
      isSteadfast: true,
      watches: false,
      cancels: false,
      deletes: false,
      bringsKeys,
      isKeyed: false,
      choices: { answer: 1 },
      seed: number,
    });
    return { injector, client };
  });
  const clients = kills.map(({ client }) => client);
  const outcomes = await Promise.allSettled(clients.map((client) => client.live()));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') tally.violation(String(outcome.reason));
  }
  for (const { proxy } of world.slots) proxy.disarm();
  await check(world, tally, clients, { mayInterrupt: true });
  return kills.map(({ injector }) => injector.hasStruck);
}
