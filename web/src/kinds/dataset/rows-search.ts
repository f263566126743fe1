/** What the address of the rows of a dataset says. */
export interface RowsSearch {
  /** The version whose rows are shown. Without it: the one that was made last. */
  readonly version?: string;
  /** Only rows in which this text stands. */
  readonly q?: string | undefined;
}

/** Reads the address. What it does not know it leaves out. */
export function readRowsSearch({ version, q }: Readonly<Record<string, unknown>>): RowsSearch {
  return {
    ...(typeof version === 'string' && { version }),
    ...(typeof q === 'string' && { q }),
  };
}
