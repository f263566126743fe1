/** The counts of a campaign, and its violations. */
export class Tally {
  readonly #counts = new Map<string, number>();
  /** Broken promises, one sentence each. */
  readonly violations: string[] = [];

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  /** Keeps the largest value. */
  most(name: string, value: number): void {
    this.#counts.set(name, Math.max(this.#counts.get(name) ?? 0, value));
  }

  violation(text: string): void {
    this.violations.push(text);
  }

  /** All counts with their names, grouped by kind. */
  get counts(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** A table in Markdown. */
  table(): string {
    const rows = [...this.counts, ['violations', this.violations.length] as const];
    const width = Math.max(...rows.map(([name]) => name.length));
    const line = (name: string, value: string) =>
      `| ${name.padEnd(width)} | ${value.padStart(10)} |`;
    return [
      line('', ''),
      `| ${'-'.repeat(width)} | ${'-'.repeat(9)}: |`,
      ...rows.map(([name, count]) => line(name, count.toLocaleString('en'))),
    ].join('\n');
  }
}
