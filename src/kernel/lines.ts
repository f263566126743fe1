/**
 * Those who wait for something that is served one after the other. Owners take turns, whatever the
 * length of their lines.
 */
export class Lines<Item> {
  /** The owner who was served last stands last. */
  readonly #lines = new Map<string, Item[]>();

  add(owner: string, item: Item): void {
    const line = this.#lines.get(owner);
    if (line) line.push(item);
    else this.#lines.set(owner, [item]);
  }

  /** Takes the one whose turn it is. */
  next(): Item | undefined {
    const [first] = this.#lines;
    if (!first) return undefined;
    const [owner, line] = first;
    const item = line.shift();
    this.#lines.delete(owner);
    if (line.length > 0) this.#lines.set(owner, line);
    return item;
  }
}
