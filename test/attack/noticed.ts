/** What is watched: a server, and the key of an honest organization on it. */
export interface Watch {
  readonly url: string;
  readonly key: string;
  readonly pid: number;
}

/** What an honest organization, and who looks at the server, noticed of an attack. */
export interface Noticed {
  /** Milliseconds that each `/healthz` took: nobody was served in the longest. */
  readonly probes: readonly number[];
  /** Milliseconds that each call, stream and write took. */
  readonly work: readonly number[];
  /** Answers that were none. */
  readonly failures: readonly string[];
  readonly before: Vitals;
  readonly most: Vitals;
  readonly after: Vitals;
}

export interface Vitals {
  /** The memory of the server's process. */
  readonly megabytes: number;
  readonly descriptors: number;
}

/** The value below which a share of values is, such as 0.99. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;
}

/** One line for people. */
export function lineOf(name: string, { probes, work, failures, most }: Noticed): string {
  const milliseconds = (value: number) => `${value.toFixed(0)} ms`.padStart(9);
  return [
    name.padEnd(64),
    `held ${milliseconds(Math.max(...probes))}`,
    `p99 ${milliseconds(quantile(work, 0.99))}`,
    `of ${String(work.length).padStart(4)}`,
    `memory ${String(most.megabytes).padStart(4)} MB`,
    `descriptors ${String(most.descriptors).padStart(4)}`,
    failures.length > 0 ? `failed ${failures.length}` : '',
  ].join('  ');
}
