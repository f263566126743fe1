/** One measured value, as a row of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | '/s' | 'KB' | 'MB' | 'cores' | '%' | '×' | '';
  readonly target?: Target;
}

/** The limit for the value; figures without one only explain others. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** The parameters of a scenario. */
export interface Bench {
  /** How long each load lasts after its warm-up. */
  readonly seconds: number;
  /** The folder for the CPU profiles of servers; undefined: no profiles. */
  readonly profileDir: string | undefined;
}

/** Measures one thing, on servers of its own. */
export type Scenario = (bench: Bench) => Promise<readonly Figure[]>;

/** Whether a figure meets its target; undefined when it has none. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

/** The smallest value that at least this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.ceil(sorted.length * share) - 1;
  return sorted[Math.max(index, 0)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
