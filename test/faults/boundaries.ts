import { Client } from './client.ts';
import type { Boundary } from './database-proxy.ts';
import { FaultInjector } from './fault-injector.ts';
import { type Plan, planOf } from './plan.ts';
import { check } from './round.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** A run whose server is killed at each of its writes in turn. */
export interface BoundaryCase {
  readonly name: string;
  /** What its plan must be like. */
  readonly isLike: (plan: Plan) => boolean;
}

const tools = ({ turns }: Plan) => turns.map(({ calls }) => calls.map(({ tool }) => tool).join());

/** Plans without what makes the number of writes differ from one time to the next. */
const isSteady = ({ turns }: Plan) => turns.every(({ troubles }) => troubles.length === 0);

/** One of the client's tools and one of the server's, at the same time. */
export const bothTools: BoundaryCase = {
  name: 'a tool of the server and one of the client',
  isLike: (plan) =>
    isSteady(plan) && ['count,lookup,', 'lookup,count,'].includes(tools(plan).join()),
};

/** An agent that calls an agent that calls a third one. */
export const nestedAgents: BoundaryCase = {
  name: 'agents nested two deep',
  isLike: (plan) => isSteady(plan) && tools(plan)[0] === 'middle' && plan.turns.length === 2,
};

/**
 * Kills the server of a run right before its first write, in another run right after it, then at
 * the second, and so on, until a run has ended before its server could be killed.
 *
 * @param from number of the first plan that may be taken.
 * @returns how many writes the run has.
 */
export async function killAtEachBoundary(
  world: World,
  tally: Tally,
  { isLike }: BoundaryCase,
  from = 1,
): Promise<number> {
  let planSeed = from;
  while (!isLike(planOf(planSeed, 0, world.options))) planSeed += 1;
  for (let number = 1; ; number++) {
    for (const side of ['before', 'after'] as const) {
      const isKilled = await killAt(world, tally, planSeed, { number, side });
      if (!isKilled) return number - 1;
    }
  }
}

/** @returns false when the run had ended before. */
async function killAt(
  world: World,
  tally: Tally,
  planSeed: number,
  boundary: Boundary,
): Promise<boolean> {
  const { number, side } = boundary;
  world.models.forget();
  world.tools.forget();
  const injector = new FaultInjector(world, tally);
  // The one that was started first: it has had the time to come up again.
  const slot = (number * 2 + (side === 'after' ? 1 : 0)) % world.slots.length;
  await world.slots[slot]?.start();
  injector.arm([{ kind: 'server killed at a commit', slot, boundary, lastsMs: 0 }]);
  const client = new Client(world, tally, {
    logId: `boundary-${planSeed}-${number}-${side}`,
    planSeed,
    save: true,
    manner: (['plain', 'stream', 'async'] as const)[number % 3] ?? 'plain',
    server: slot,
    isSteadfast: true,
    watches: false,
    cancels: false,
    choices: { answer: 1 },
    seed: number,
  });
  try {
    await client.live();
  } catch (error) {
    tally.violation(`${side} write ${number}: ${String(error)}`);
  }
  const isKilled = injector.hasStruck;
  injector.disarm();
  await check(world, tally, [client], injector);
  return isKilled;
}
