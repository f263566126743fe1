/** How many runs of each organization this process drives, those below other runs included. */
export class RunsUnderWay {
  readonly #counts = new Map<string, number>();

  of(organizationId: string): number {
    return this.#counts.get(organizationId) ?? 0;
  }

  /** Counts one more run. @returns a function that counts it no longer; a second call does nothing. */
  add(organizationId: string): () => void {
    this.#counts.set(organizationId, this.of(organizationId) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = this.of(organizationId) - 1;
      if (left > 0) this.#counts.set(organizationId, left);
      else this.#counts.delete(organizationId);
    };
  }
}
