/** How `eval` ends. */
export const exitCodes = {
  passed: 0,
  /** A gate failed. */
  failed: 1,
  /** A wrong command line, or a request that the server refused. */
  refused: 2,
  /** The Run was cancelled, took too long, or has more errors than `--max-errors`. */
  unfinished: 3,
  /** The server cannot be reached. */
  unreachable: 4,
} as const;
