import type { Queries } from './database.ts';
import { isFaultOfRow, isSerializationFailure } from './violations.ts';
import type { Workspace } from './workspace.ts';

/** A query about many items, which answers each of them, in their order. */
type BatchQuery<Item, Result> = (
  workspace: Workspace,
  items: readonly Item[],
) => Promise<readonly Result[]>;

interface BatchOptions<Item> {
  /** Items of different groups never meet in one statement. */
  readonly groupOf?: (item: Item) => string;
  /** Characters that an item adds to its statement. */
  readonly sizeOf?: (item: Item) => number;
}

/** Keeps one statement, and what fails with it, to a bearable size. */
const mostItems = 100;
const mostCharacters = 4_000_000;
/** How often a statement is tried that had to give way to another transaction. */
const mostAttempts = 3;

/**
 * Makes a query about many items one about a single item, whose concurrent callers share it: while
 * one statement is under way, those who come wait for the next. A lone caller waits for nobody.
 *
 * Whoever asks is answered by a statement that began after they asked, and a write has been
 * committed when its promise resolves. In a transaction each item is a statement of its own.
 */
export function batched<Item, Result>(
  query: BatchQuery<Item, Result>,
  { groupOf = () => '', sizeOf = () => 0 }: BatchOptions<Item> = {},
): (workspace: Workspace, item: Item) => Promise<Result> {
  const batches = new WeakMap<Queries, Map<string, Batch<Item, Result>>>();
  return async (workspace, item) => {
    if (workspace.db.isTransaction) return only(await query(workspace, [item]));
    let open = batches.get(workspace.db);
    if (!open) {
      open = new Map();
      batches.set(workspace.db, open);
    }
    const key = `${workspace.organizationId} ${groupOf(item)}`;
    let batch = open.get(key);
    if (!batch) {
      const { organizationId, db } = workspace;
      batch = new Batch((items) => query({ organizationId, db, memberId: null }, items), sizeOf);
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

/** Lives from the first item until none is left. */
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

  /** @param close called when none is left, before anybody can add one. */
  async run(close: () => void): Promise<void> {
    // Requests that came in together go together.
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
      // Nothing was written. Who is not at fault should not suffer, and who is learns why.
      const isOfOne = isFaultOfRow(error) || isSerializationFailure(error);
      if (waiting.length > 1 && isOfOne) {
        await Promise.all(waiting.map((each) => this.#send([each])));
      } else if (isSerializationFailure(error) && attempt < mostAttempts) {
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
