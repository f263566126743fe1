import { PlatformError } from '../kernel/errors.ts';
import { StartFailure } from '../kernel/start-failure.ts';
import { type DatabasePlace, databasePlace } from './database-url.ts';
import { toUnavailable } from './violations.ts';

/** A database error at the start of a server, explained to its operator. */
export interface DatabaseStartError {
  readonly failure: StartFailure;
  /** Whether it can pass without anybody's help, e.g. while the database is starting. */
  readonly passes: boolean;
  /** Whether the URL or the database is known to be the cause, so that it is no bug of ours. */
  readonly isKnown: boolean;
}

/** Explains a database error to the operator who starts a server on this URL. */
export function databaseStartError(url: string, error: unknown): DatabaseStartError {
  const { code, message } = rootReason(error);
  const kind = kinds.find((each) => each.code.test(code) && (each.message?.test(message) ?? true));
  const { happened, remedy, passes = false } = kind ?? otherKind;
  const place = databasePlace(url);
  const failure = new StartFailure(
    `DATABASE_URL ${happened(place, message)}`,
    remedy(place),
    error,
  );
  return { failure, passes, isKnown: kind !== undefined };
}

/** A database failure at the start whose cause in the settings is not known. */
export function unknownStartError(error: unknown): StartFailure {
  const { code, message } = rootReason(error);
  const reason = code === '' || message === code ? message : `${code}: ${message}`;
  return new StartFailure(
    `The server could not start because of a database error (${reason})`,
    'this may be a bug in Loopwright; please report it with the line of the log that has the stack',
    error,
  );
}

/** What can be wrong with a database that answers. */
export const unfit = {
  tooOld: (version: string) =>
    new StartFailure(
      `DATABASE_URL points to Postgres ${version}, which is too old`,
      'upgrade it to 15 or newer, or use another Postgres',
    ),
  encoding: (encoding: string, name: string) =>
    new StartFailure(
      `DATABASE_URL names the database ${name}, whose encoding is ${encoding} instead of UTF8`,
      `use one that you create with CREATE DATABASE ${quoted(name)} ENCODING 'UTF8' TEMPLATE template0`,
    ),
  readOnly: (server: string) =>
    new StartFailure(
      `DATABASE_URL points to ${server}, which is read-only, as a standby is`,
      'point it to the primary server',
    ),
};

/** Whether an error comes from Postgres, or means that no Postgres answers. */
export function isDatabaseError(error: unknown): boolean {
  if (error instanceof StartFailure) return false;
  return toUnavailable(error) !== undefined || (error instanceof Error && 'severity' in error);
}

interface Kind {
  /** Matches SQLSTATEs and Node's error codes; errors of the driver itself have an empty code. */
  readonly code: RegExp;
  readonly message?: RegExp;
  readonly passes?: true;
  readonly happened: (place: DatabasePlace, message: string) => string;
  readonly remedy: (place: DatabasePlace) => string;
}

/** The first entry that matches is used. */
const kinds: readonly Kind[] = [
  {
    code: /^(ECONNREFUSED|ENOENT)$/,
    passes: true,
    happened: ({ server }) => `points to ${server}, but nothing listens there`,
    remedy: () => 'start Postgres there, or correct the host and port',
  },
  {
    code: /^(ENOTFOUND|EAI_\w+)$/,
    passes: true,
    happened: ({ host }) => `names the host ${host}, which cannot be found`,
    remedy: () => 'correct the name, or check that this machine can resolve host names',
  },
  {
    code: /^(57P0[123])$/,
    passes: true,
    happened: ({ server }, message) => `points to ${server}, which is not ready (${message})`,
    remedy: () => 'try again when it is ready',
  },
  {
    code: /^53100$/,
    happened: ({ server }) => `points to ${server}, whose disk is full`,
    remedy: () => 'free some space on it',
  },
  {
    code: /^53/,
    passes: true,
    happened: ({ server }, message) => `points to ${server}, which is overloaded (${message})`,
    remedy: () =>
      'raise its max_connections, or lower DATABASE_POOL_SIZE on the servers that use it',
  },
  {
    code: /^$/,
    message: /password must be a(?: non-empty)? string/,
    happened: ({ server }) => `has no password, but ${server} requires one`,
    remedy: () => 'write it as postgres://user:password@host:5432/database',
  },
  {
    code: /^28P01$/,
    happened: ({ server, user }) =>
      `names the user ${user}, but ${server} does not accept this user and password`,
    remedy: () => 'correct the user or password',
  },
  {
    code: /^28000$/,
    message: /no encryption/,
    happened: ({ server, user, database }) =>
      `connects without TLS, but ${server} does not let the user ${user} connect to the database ${database} that way`,
    remedy: () =>
      'add sslmode=verify-full to it, or allow the connection in the pg_hba.conf of that Postgres',
  },
  {
    code: /^28/,
    happened: ({ server, user, database }, message) =>
      `names the user ${user}, but ${server} does not let that user connect to the database ${database} (${message})`,
    remedy: () => 'correct the user, or allow the connection in the pg_hba.conf of that Postgres',
  },
  {
    code: /^3D000$/,
    happened: ({ server, database }) =>
      `names the database ${database}, which does not exist on ${server}`,
    remedy: ({ database }) =>
      `create it with CREATE DATABASE ${quoted(database)}, or correct its name`,
  },
  {
    code: /^42501$/,
    happened: ({ user, database }, message) =>
      `names the user ${user}, who lacks permissions in the database ${database} (${message})`,
    remedy: ({ user, database }) =>
      `make the user its owner with ALTER DATABASE ${quoted(database)} OWNER TO ${quoted(user)}`,
  },
  {
    code: /^$/,
    message: /does not support SSL/,
    happened: ({ server }) =>
      `requires TLS through its sslmode, but ${server} does not support TLS`,
    remedy: () => 'remove sslmode from it, or turn on TLS in that Postgres',
  },
  {
    code: /CERT|SIGNATURE|^ERR_TLS|^ERR_SSL|^EPROTO$/,
    happened: ({ server }, message) =>
      `points to ${server}, whose certificate is not trusted (${message})`,
    remedy: () =>
      'add sslrootcert=<file of the certificate authority> to it, or sslmode=no-verify to skip the check',
  },
  {
    code: /^(|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH)$/,
    message: /timeout|TIMEDOUT|UNREACH|HOSTDOWN/i,
    passes: true,
    happened: ({ server }) => `points to ${server}, which does not answer`,
    remedy: () => 'correct the host and port, or check for a firewall in between',
  },
  {
    code: /^(08\w+|ECONNRESET|EPIPE|)$/,
    message: /^(?!.*unsupported startup).*(terminated|connection|ECONNRESET|EPIPE)/i,
    passes: true,
    happened: ({ server }) => `points to ${server}, which closes connections at once`,
    remedy: () => 'check that it is a Postgres, and read its log',
  },
];

const otherKind: Omit<Kind, 'code'> = {
  happened: ({ server }, message) => `points to ${server}, which cannot be used (${message})`,
  remedy: () => 'fix the problem there, or use another database',
};

/** The cause of one of our own errors is more precise than the error. */
function rootReason(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof PlatformError && error.cause) return rootReason(error.cause);
  const { code = '', message } = error as { code?: string; message?: string };
  return { code, message: message || code || String(error) };
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
