import type { Workspace } from './workspace.ts';

/**
 * Milliseconds that a value is cached: a change made by another server is noticed at most that late.
 */
const cacheMs = 1_000;
const cacheSize = 10_000;

/**
 * What is read of organizations again and again, cached for a moment. A change that is made through
 * the cache takes effect at once.
 */
export class MomentaryCache<Value> {
  readonly #read: (workspace: Workspace) => Promise<Value>;
  readonly #now: () => number;
  readonly #found = new Map<string, { readonly value: Value; readonly until: number }>();
  /** Until when the value of an organization must not be cached, because it has just been changed. */
  readonly #settled = new Map<string, number>();

  /** @param now a clock in milliseconds; its zero point does not matter. */
  constructor(read: (workspace: Workspace) => Promise<Value>, now = () => performance.now()) {
    this.#read = read;
    this.#now = now;
  }

  async of(workspace: Workspace): Promise<Value> {
    const { organizationId } = workspace;
    const asked = this.#now();
    const cached = this.#found.get(organizationId);
    if (cached && asked < cached.until) return cached.value;
    const value = await this.#read(workspace);
    if (asked >= (this.#settled.get(organizationId) ?? asked)) {
      this.#settled.delete(organizationId);
      if (this.#found.size >= cacheSize) this.#found.clear();
      this.#found.set(organizationId, { value, until: asked + cacheMs });
    }
    return value;
  }

  /** Makes a change to what is cached. */
  async changing<Result>(
    { organizationId }: Workspace,
    change: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await change();
    } finally {
      // A query that is under way may still return the old value, and an enclosing transaction
      // commits a moment later: so drop the cache now, and do not fill it again for a while.
      this.#found.delete(organizationId);
      this.#settled.set(organizationId, this.#now() + cacheMs);
    }
  }
}
