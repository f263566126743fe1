import pg from 'pg';

/** What an address of a database says, but for the password. */
export interface DatabasePlace {
  /** `db.example.com:5432`, or the folder of a socket. */
  readonly server: string;
  readonly host: string;
  readonly user: string;
  readonly database: string;
}

/**
 * Checks the address of a database.
 *
 * @returns the address to connect by.
 * @throws Error whose message says what is wrong with it, and never has the password in it.
 */
export function readDatabaseUrl(text: string): string {
  const url = text.replace(oldModes, '$1verify-full');
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Error(form);
  try {
    placeOf(url);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined) throw new Error(form);
    throw new Error(`names the file ${path}, which cannot be read (${code})`);
  }
  return url;
}

/** What a checked address says. */
export function placeOf(url: string): DatabasePlace {
  const { host, port, user = '', database = '' } = new pg.Client(url);
  return { server: host.startsWith('/') ? host : `${host}:${port}`, host, user, database };
}

const form =
  'must be the address of a Postgres, as in postgres://user:password@host:5432/database; a # / ? @ ' +
  'or % of the password is written as %23 %2F %3F %40 or %25';

/** The driver checks the certificate with each of these, and warns at length that it may not always. */
const oldModes =
  /(?<!uselibpqcompat=true.*)([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)(?!.*uselibpqcompat=true)/;
