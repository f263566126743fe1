import { Client } from './client.ts';
import type { Boundary } from './database-proxy.ts';
import { FaultInjector } from './fault-injector.ts';
import { type Plan, type PlanOptions, planFor } from './plan.ts';
import { check } from './round.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** A kind of run whose server is killed at each of its writes in turn. */
export interface BoundaryCase {
  readonly name: string;
  /** Whether a plan is of this kind. */
  readonly isLike: (plan: Plan) => boolean;
  readonly isNested: boolean;
  /** True: the calls bring keys for their models, which are lost with their server. */
  readonly bringsKeys: boolean;
}

const tools = ({ turns }: Plan) => turns.map(({ calls }) => calls.map(({ tool }) => tool).join());

/** Without troubles, a plan makes the same number of writes each time. */
const isSteady = ({ turns }: Plan) => turns.every(({ troubles }) => troubles.length === 0);

/** Calls one of the client's tools and one of the server's at the same time. */
export const bothTools: BoundaryCase = {
  name: 'a tool of the server and one of the client',
  isNested: false,
  bringsKeys: false,
  isLike: (plan) => isSteady(plan) && tools(plan).join() === 'count,lookup,',
};

/** The same, called with the client's own keys. */
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
 * Kills the server of a run right before its first write, that of another run right after the first
 * write, then at the second, and so on, until a run ends before its server could be killed.
 *
 * @returns how many writes the run has.
 */
export async function killAtEachBoundary(
  world: World,
  tally: Tally,
  each: BoundaryCase,
): Promise<number> {
  const plans = seedsLike(each.isLike, world.options);
  // Writes of nested agents do not contain the id of the client's log, so such runs are counted one
  // at a time.
  const together = each.isNested ? 1 : world.slots.length - 1;
  for (let first = 0; ; first += together) {
    await Promise.all(world.slots.map((slot) => slot.start()));
    const cases = Array.from({ length: together }, (_, n) => ({
      boundary: boundaryAt(first + n),
      planSeed: plans.next().value as number,
    }));
    const areKilled = await killAt(world, tally, cases, each);
    // A run that is killed after its last write may be seen to end a moment before.
    const missed = cases.findIndex(
      ({ boundary }, n) => boundary.side === 'before' && !areKilled[n],
    );
    if (missed !== -1) return boundaryAt(first + missed).number - 1;
  }
}

/** Before the first write, after it, before the second, … */
function boundaryAt(index: number): Boundary {
  return { number: 1 + Math.floor(index / 2), side: index % 2 === 0 ? 'before' : 'after' };
}

/**
 * Seeds of plans of the same kind. Each run has its own seed, which tells its model calls apart.
 */
function* seedsLike(
  isLike: BoundaryCase['isLike'],
  options: PlanOptions,
): Generator<number, never> {
  for (let seed = 1; ; seed++) if (isLike(planFor(seed, 0, options))) yield seed;
}

/**
 * Runs the cases side by side, each on a server of its own. @returns false for a run that ended
 * before its server was killed.
 */
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
