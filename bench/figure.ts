/** One measured value, as a row of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | '/s' | 'KB' | 'MB' | 'cores' | '%' | '×' | '';
  readonly target?: Target;
}

/** What the value should be; a figure without one only explains others. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** What a scenario is told. */
export interface Bench {
  /** How long each load lasts, after a warm-up. */
  readonly seconds: number;
  /** Where servers leave their CPU profiles; undefined: they make none. */
  readonly profileDir: string | undefined;
}

/** Measures one thing, on servers of its own. */
export type Scenario = (bench: Bench) => Promise<readonly Figure[]>;

/** Whether a figure is as it should be; undefined when nothing says how. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (!target) return undefined;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

/** The value that this share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.ceil(sorted.length * share) - 1;
  return sorted[Math.max(index, 0)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
