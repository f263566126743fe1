/** Whose code it is. A process serves one owner, from its first call to its end. */
export interface CodeOwner {
  readonly organizationId: string;
  /** The id of the version that the code belongs to, or a fingerprint of code without one. */
  readonly codeId: string;
}

/** `live` calls have somebody who waits for them. They go before `judging`. */
export type Lane = 'live' | 'judging';

/** The input of one run of a tool's code. */
export interface PythonCall {
  readonly source: string;
  /** Keyword arguments for the last function that the source defines at its top level. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The content of `os.environ` during the call. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The result of a call: an output or an error, and what was printed. All of it can be stored as
 * text.
 */
export interface PythonResult {
  /** The returned text, or the returned value as JSON. */
  readonly output: string | null;
  /** A traceback, or a sentence that says why the call was ended. */
  readonly error: string | null;
  readonly stdout: string | null;
}

/** The input of many runs of one evaluator's code, each in a module of its own. */
export interface PythonBatch {
  readonly source: string;
  /**
   * Positional arguments, as JSON values. The last function that the source defines at its top level
   * gets both when it takes two or more, and the log alone when it takes one.
   */
  readonly items: readonly {
    readonly arguments: readonly [log: unknown, testcase: unknown];
  }[];
  /** Milliseconds of wall-clock time for each item; at most ten minutes. */
  readonly timeoutMs: number;
}

/** The result of one item of a batch. */
export interface BatchResult {
  /** The returned value, as read from its JSON; undefined when there is an error. */
  readonly value: unknown;
  /** A traceback, or a sentence that says what was wrong. */
  readonly error: string | null;
  readonly stdout: string | null;
  /** Milliseconds that the item took. The result is told as soon as they are over. */
  readonly durationMs: number;
}

/** The limits of a call and of its process. */
export interface PythonLimits {
  /** Milliseconds of wall-clock time, after which the process is killed. */
  readonly timeoutMs: number;
  /** Bytes of Python's memory; a call that needs more gets a `MemoryError`. */
  readonly memoryBytes: number;
  /** How many printed characters are kept. */
  readonly stdoutCharacters: number;
  /** The longest output in characters; a longer one is an error. */
  readonly outputCharacters: number;
  /** The most processes at once, for all organizations together. */
  readonly maxProcesses: number;
  /** The longest wait for a process in milliseconds. */
  readonly queueMs: number;
}
