/** What the server says of itself, one JSON object a line. Never a prompt, never a secret. */
export interface Logger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Whether lines of this level are written; who asks can save the work for those that are not. */
  writes(level: LogLevel): boolean;
}

export const logLevels = ['silent', 'error', 'warn', 'info'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Writes lines up to and including `level`; `write` is given one line with its newline. */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  const upTo = logLevels.indexOf(level);
  const writes = (name: LogLevel) => logLevels.indexOf(name) <= upTo;
  const at = (name: Exclude<LogLevel, 'silent'>) => (fields: object, message: string) => {
    if (!writes(name)) return;
    write(
      `${JSON.stringify({ time: new Date().toISOString(), level: name, message, ...fields })}\n`,
    );
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), writes };
}

/** An error as fields of a line: what it is, what it says, where it was thrown, and what caused it. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: String(error) };
  const { cause } = error;
  return {
    error: error.message,
    stack: error.stack,
    ...(cause === undefined
      ? {}
      : { cause: cause instanceof Error ? cause.message : String(cause) }),
  };
}
