import pg from 'pg';

/** Where a database is and who connects to it; never the password. */
export interface DatabasePlace {
  /** `db.example.com:5432`, or the folder of a Unix socket. */
  readonly server: string;
  readonly host: string;
  readonly user: string;
  readonly database: string;
}

/**
 * Checks a database URL.
 *
 * @returns the URL to connect with.
 * @throws Error whose message says what is wrong with the URL, and never contains the password.
 */
export function readDatabaseUrl(text: string): string {
  const url = text.replace(oldModes, '$1verify-full');
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Error(form);
  try {
    databasePlace(url);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined) throw new Error(form);
    throw new Error(`names the file ${path}, which cannot be read (${code})`);
  }
  return url;
}

/** The server, database and user that a checked URL names. */
export function databasePlace(url: string): DatabasePlace {
  const { host, port, user = '', database = '' } = new pg.Client(url);
  return { server: host.startsWith('/') ? host : `${host}:${port}`, host, user, database };
}

const form =
  'must be the URL of a Postgres, such as postgres://user:password@host:5432/database. In the ' +
  'password, write # / ? @ % as %23 %2F %3F %40 %25';

/**
 * The driver verifies the certificate in all of these modes, and prints a long warning that this
 * may change.
 */
const oldModes =
  /(?<!uselibpqcompat=true.*)([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)(?!.*uselibpqcompat=true)/;
