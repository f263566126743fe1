import { type Queries, sharedQueries } from './database.ts';
import { isRepeatable, isRowRefused } from './violations.ts';
import type { Workspace } from './workspace.ts';

/** A query about many items; returns one result per item, in the order of the items. */
type BatchQuery<Item, Result> = (
  workspace: Workspace,
  items: readonly Item[],
) => Promise<readonly Result[]>;

interface BatchOptions<Item> {
  /** Items with different groups are never in one statement. */
  readonly groupOf?: (item: Item) => string;
  /** How many characters an item adds to its statement. */
  readonly sizeOf?: (item: Item) => number;
}

/** The limits of one statement. They also limit how many callers fail together. */
const mostItems = 100;
const mostCharacters = 4_000_000;
/** The most attempts of a statement that a conflict with another transaction undoes. */
const mostAttempts = 3;

/**
 * Turns a query about many items into a query about one item, whose concurrent callers share
 * statements. While one statement runs, new callers wait for the next one, which they share. A lone
 * caller does not wait.
 *
 * A caller's statement always begins after the call, and a write is committed when its promise
 * resolves. Inside a transaction each item gets a statement of its own.
 */
export function batched<Item, Result>(
  query: BatchQuery<Item, Result>,
  { groupOf = () => '', sizeOf = () => 0 }: BatchOptions<Item> = {},
): (workspace: Workspace, item: Item) => Promise<Result> {
  const batches = new WeakMap<Queries, Map<string, Batch<Item, Result>>>();
  return async (workspace, item) => {
    if (workspace.db.isTransaction) return only(await query(workspace, [item]));
    const db = sharedQueries(workspace.db);
    let open = batches.get(db);
    if (!open) {
      open = new Map();
      batches.set(db, open);
    }
    const key = `${workspace.organizationId} ${groupOf(item)}`;
    let batch = open.get(key);
    if (!batch) {
      const { organizationId } = workspace;
      batch = new Batch(
        (items) => query({ organizationId, db, memberId: null, keyId: null }, items),
        sizeOf,
      );
      open.set(key, batch);
      void batch.run(() => open.delete(key));
    }
    return batch.add(item);
  };
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Collects items and queries them. It exists from the first item until none is left. */
class Batch<Item, Result> {
  readonly #query: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #sizeOf: (item: Item) => number;
  readonly #waiting: Waiting<Item, Result>[] = [];

  constructor(
    query: (items: readonly Item[]) => Promise<readonly Result[]>,
    sizeOf: (item: Item) => number,
  ) {
    this.#query = query;
    this.#sizeOf = sizeOf;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => this.#waiting.push({ item, resolve, reject }));
  }

  /** @param close is called when no item is left, before another can be added. */
  async run(close: () => void): Promise<void> {
    // Wait until the requests that arrived together have all added their items.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#send(this.#next());
    close();
  }

  #next(): readonly Waiting<Item, Result>[] {
    let characters = 0;
    const end = this.#waiting.findIndex(({ item }, index) => {
      characters += this.#sizeOf(item);
      return index > 0 && (index === mostItems || characters > mostCharacters);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #send(waiting: readonly Waiting<Item, Result>[], attempt = 1): Promise<void> {
    try {
      const results = await this.#query(waiting.map(({ item }) => item));
      for (const [index, { resolve }] of waiting.entries()) resolve(results[index] as Result);
    } catch (error) {
      // Repeat item by item, since nothing was written: one bad row must not fail the other
      // callers, and its own caller must learn why it failed.
      const mayConcernOne = isRowRefused(error) || isRepeatable(error);
      if (waiting.length > 1 && mayConcernOne) {
        await Promise.all(waiting.map((each) => this.#send([each])));
      } else if (isRepeatable(error) && attempt < mostAttempts) {
        await this.#send(waiting, attempt + 1);
      } else {
        for (const { reject } of waiting) reject(error);
      }
    }
  }
}

function only<Result>(results: readonly Result[]): Result {
  return results[0] as Result;
}
