import type { CodeOwner } from './python-call.ts';

/**
 * Calls that wait for a process, and how many run of each organization. An organization with many
 * calls delays its own calls only.
 */
export class FairQueue<Call extends { readonly owner: CodeOwner }> {
  /** Sets keep the order of arrival. The organization that was served last stands last. */
  readonly #organizations = new Map<string, Set<Call>>();
  readonly #owners = new Map<string, Set<Call>>();
  readonly #running = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(call: Call): void {
    addTo(this.#organizations, call.owner.organizationId, call);
    addTo(this.#owners, ownerKey(call.owner), call);
    this.#size += 1;
  }

  /** Removes a call that gave up. No effect when it does not wait. */
  remove(call: Call): void {
    if (!removeFrom(this.#organizations, call.owner.organizationId, call)) return;
    removeFrom(this.#owners, ownerKey(call.owner), call);
    this.#size -= 1;
  }

  /** Removes a call that begins. Its `end` must follow. */
  begin(call: Call): void {
    const { organizationId } = call.owner;
    this.remove(call);
    this.#running.set(organizationId, this.#runningOf(organizationId) + 1);
    const others = this.#organizations.get(organizationId);
    if (!others) return;
    this.#organizations.delete(organizationId);
    this.#organizations.set(organizationId, others);
  }

  end({ organizationId }: CodeOwner): void {
    const left = this.#runningOf(organizationId) - 1;
    if (left > 0) this.#running.set(organizationId, left);
    else this.#running.delete(organizationId);
  }

  /** The oldest call of an owner. */
  firstOf(owner: CodeOwner): Call | undefined {
    return this.#owners.get(ownerKey(owner))?.values().next().value;
  }

  /**
   * The calls in the order in which they should begin: each time the oldest call of the organization
   * with the fewest running calls; of several such organizations, that which waits longest for its
   * turn. Calls that were yielded count as running. Calls may begin meanwhile.
   */
  *inTurn(): Generator<Call> {
    const turns = [...this.#organizations].map(([organizationId, calls]) => ({
      running: this.#runningOf(organizationId),
      calls: calls.values(),
    }));
    while (turns.length > 0) {
      const turn = turns.reduce((best, other) => (other.running < best.running ? other : best));
      const { value: call } = turn.calls.next();
      if (call) yield call;
      else turns.splice(turns.indexOf(turn), 1);
      turn.running += 1;
    }
  }

  #runningOf(organizationId: string): number {
    return this.#running.get(organizationId) ?? 0;
  }
}

/** A text for an owner; different owners have different texts. */
export function ownerKey({ organizationId, codeId }: CodeOwner): string {
  return JSON.stringify([organizationId, codeId]);
}

function addTo<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}

/** @returns whether it was there. */
function removeFrom<Value>(map: Map<string, Set<Value>>, key: string, value: Value): boolean {
  const values = map.get(key);
  const wasThere = values?.delete(value) ?? false;
  if (values?.size === 0) map.delete(key);
  return wasThere;
}
