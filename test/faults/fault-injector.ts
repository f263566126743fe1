import { setTimeout as sleep } from 'node:timers/promises';
import type { Boundary, Trap, Verdict } from './database-proxy.ts';
import type { Fault } from './fault-plan.ts';
import type { ServerSlot } from './servers.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** Makes faults happen, and repairs what they broke. */
export class FaultInjector {
  readonly #world: World;
  readonly #tally: Tally;
  readonly #underWay: Promise<void>[] = [];
  /** Servers that are down or frozen: further faults for them are skipped. */
  readonly #struck = new Set<number>();

  constructor(world: World, tally: Tally) {
    this.#world = world;
    this.#tally = tally;
  }

  /** Arms faults; each happens when its moment comes, if it comes. */
  arm(faults: readonly Fault[]): void {
    let pieces = 0;
    let uses = 0;
    const inModelCalls = faults.filter(({ kind }) => kind === 'server killed in a model call');
    const inToolCalls = faults.filter(({ kind }) => kind === 'server killed in a tool call');
    for (const fault of faults) {
      if (inModelCalls.includes(fault) || inToolCalls.includes(fault)) continue;
      this.#slot(fault).proxy.set(toTrap(fault.boundary, () => this.#strike(fault)));
    }
    this.#world.models.onPiece = ({ slot }) => {
      pieces += 1;
      // In model calls, pieces are counted instead of writes; there are about three pieces to one
      // write.
      for (const fault of inModelCalls) {
        if (fault.boundary.number * 3 === pieces) this.#strike({ ...fault, slot });
      }
    };
    this.#world.tools.onUse = () => {
      uses += 1;
      for (const fault of inToolCalls) {
        if (Math.ceil(fault.boundary.number / 4) === uses) this.#strike(fault);
      }
    };
  }

  /** Kills the server that makes this write, whichever it is. */
  killAt(boundary: Boundary): void {
    const kind = 'server killed at a commit';
    const trap = toTrap(boundary, (slot) => this.#strike({ kind, slot, boundary, lastsMs: 0 }));
    for (const { proxy } of this.#world.slots) proxy.set(trap);
  }

  /** Whether any fault has happened. */
  get hasStruck(): boolean {
    return this.#underWay.length > 0;
  }

  disarm(): void {
    for (const { proxy } of this.#world.slots) proxy.disarm();
    this.#world.models.onPiece = () => undefined;
    this.#world.tools.onUse = () => undefined;
  }

  /** Disarms all faults, and waits until everything runs again. */
  async settle(): Promise<void> {
    this.disarm();
    for (let done = 0; done < this.#underWay.length; done++) await this.#underWay[done];
    for (let attempt = 0; attempt < 40; attempt++) {
      await Promise.all(this.#world.slots.map((slot) => slot.start()));
      if (this.#world.slots.every(({ url }) => url !== undefined)) return;
      await sleep(250);
    }
    const dead = this.#world.slots.find(({ url }) => url === undefined);
    throw new Error(`A server does not start any more: ${dead?.logged.join('').slice(-2_000)}`);
  }

  #slot({ slot }: Pick<Fault, 'slot'>): ServerSlot {
    return this.#world.slots[slot] as ServerSlot;
  }

  /** @returns the fate of the write at which it happens. */
  #strike(fault: Fault): Verdict {
    const { kind } = fault;
    const slot = this.#slot(fault);
    if (this.#struck.has(slot.number)) return 'pass';
    this.#tally.add(kind);
    switch (kind) {
      case 'server killed at a commit':
      case 'server killed in a model call':
      case 'server killed in a tool call':
        this.#kill(slot, fault);
        return 'withhold';
      case 'all servers killed':
        for (const each of this.#world.slots) this.#kill(each, fault);
        return 'withhold';
      case 'server told to stop':
        this.#during(slot, async () => {
          await slot.end('SIGTERM');
          await sleep(fault.lastsMs);
          await slot.start();
        });
        return 'pass';
      case 'server frozen':
        this.#blindly(
          slot,
          fault,
          () => slot.signal('SIGSTOP'),
          () => slot.signal('SIGCONT'),
        );
        return 'pass';
      case 'server cut off from Postgres':
        this.#blindly(
          slot,
          fault,
          () => slot.proxy.hold(true),
          () => slot.proxy.hold(false),
        );
        return 'pass';
      case 'connections to Postgres broken':
        slot.proxy.drop();
        return 'withhold';
      case 'Postgres refused to a server':
        slot.proxy.refuse(true);
        this.#during(slot, async () => {
          await sleep(fault.lastsMs);
          slot.proxy.refuse(false);
        });
        return 'withhold';
      case 'Postgres crashed':
        this.#underWay.push(this.#world.stopPostgres('SIGQUIT'));
        return 'pass';
      case 'Postgres stopped':
        this.#underWay.push(this.#world.stopPostgres('SIGINT'));
        return 'pass';
    }
  }

  #kill(slot: ServerSlot, { lastsMs }: Fault): void {
    if (this.#struck.has(slot.number)) return;
    this.#tally.add('kill -9');
    slot.signal('SIGKILL');
    this.#during(slot, async () => {
      await slot.end('SIGKILL');
      await sleep(lastsMs);
      await slot.start();
    });
  }

  #blindly(slot: ServerSlot, { lastsMs }: Fault, begin: () => void, end: () => void): void {
    begin();
    this.#during(slot, async () => {
      await sleep(lastsMs);
      end();
    });
  }

  #during(slot: ServerSlot, work: () => Promise<void>): void {
    this.#struck.add(slot.number);
    this.#underWay.push(work().finally(() => this.#struck.delete(slot.number)));
  }
}

function toTrap(boundary: Boundary, spring: Trap['spring']): Trap {
  return { boundary, spring, left: boundary.number };
}
