/**
 * What the failure of a connection says about Postgres: `busy` when it is starting, recovering or
 * shutting down; `silent` when nothing answers.
 *
 * @throws the error of a Postgres that answers but refuses the connection.
 */
export function busyOrSilent(error: unknown): 'busy' | 'silent' {
  const { code } = error as NodeJS.ErrnoException;
  // 57P01 to 57P03: shut down by an administrator, crashed, cannot accept connections now.
  if (/^57P0[123]$/.test(code ?? '')) return 'busy';
  if (code === 'ENOENT' || isConnectionLost(error)) return 'silent';
  throw error;
}

/** Whether a connection broke, or was not to be had. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    /^(57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code ?? '') ||
    // Messages of the pg driver, whose errors have no code.
    /^(Connection terminated|timeout expired|Client (has encountered|was closed))/.test(message)
  );
}
