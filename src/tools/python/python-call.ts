/** What a tool's code is run with. */
export interface PythonCall {
  readonly source: string;
  /** Keyword arguments of the last function that the source defines at its top level. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What `os.environ` is during the call. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What came of a call: an output or an error, and what was printed. All can be stored as text. */
export interface PythonResult {
  /** The text that the function returned, or what it returned as JSON. */
  readonly output: string | null;
  /** A traceback, or a sentence that says what ended the call. */
  readonly error: string | null;
  readonly stdout: string | null;
}

/** How much a call and its process may take. */
export interface PythonLimits {
  /** Milliseconds by the clock on the wall; then the process is killed. */
  readonly timeoutMs: number;
  /** Bytes of Python's memory; a call that wants more gets a `MemoryError`. */
  readonly memoryBytes: number;
  /** Characters that are kept of what is printed. */
  readonly stdoutCharacters: number;
  /** Characters of the longest output; a longer one is an error. */
  readonly outputCharacters: number;
  /** Processes at once, of all organizations together. */
  readonly maxProcesses: number;
  /** Milliseconds that a call waits for a process. */
  readonly queueMs: number;
}
