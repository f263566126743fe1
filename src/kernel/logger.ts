/**
 * What the server reports about itself: one JSON object per line. Never a prompt, never a secret.
 */
export interface Logger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  /**
   * Whether lines of this level are written. Ask before you prepare a line that is costly to make.
   */
  writes(level: LogLevel): boolean;
}

export const logLevels = ['silent', 'error', 'warn', 'info'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * A logger that writes lines up to and including `level`. `write` gets one line with its newline.
 */
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

/** An error as fields of a log line: its message, its stack, and the message of its cause. */
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
