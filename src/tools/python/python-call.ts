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
