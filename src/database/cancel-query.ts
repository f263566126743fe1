import pg from 'pg';

/** The parts of the driver that it does not declare. */
interface Wire {
  readonly connection: {
    on(event: string, listener: () => void): void;
    connect(portOrPath: number | string, host?: string): void;
    requestSsl(): void;
    cancel(processId: number, secretKey: number): void;
    readonly stream: { destroy(): void };
  };
  readonly ssl: unknown;
  readonly sslNegotiation: string;
  readonly processID: number;
  readonly secretKey: number;
}

/** Milliseconds after which an attempt to cancel is given up. */
const longestMs = 5_000;

/**
 * Asks Postgres to end the query that a client runs. The request may arrive when that query has
 * ended; so nobody may use the client for another one.
 *
 * It is the protocol's own request, not `pg_cancel_backend`: behind a pooler, only the pooler knows
 * which backend works for the client. A failure is passed over: then the query runs to its end.
 *
 * @param config how to connect.
 */
export function cancelQuery(config: pg.ClientConfig, client: pg.Client): void {
  const { processID, secretKey } = client as unknown as Wire;
  const asking = new pg.Client(config);
  const { connection, ssl, sslNegotiation } = asking as unknown as Wire;
  const timer = setTimeout(() => connection.stream.destroy(), longestMs).unref();
  connection.on('error', () => clearTimeout(timer));
  connection.on('end', () => clearTimeout(timer));
  const ask = () => connection.cancel(processID, secretKey);
  connection.on('sslconnect', ask);
  connection.on('connect', () => {
    if (!ssl) ask();
    else if (sslNegotiation !== 'direct') connection.requestSsl();
  });
  if (asking.host.startsWith('/')) connection.connect(`${asking.host}/.s.PGSQL.${asking.port}`);
  else connection.connect(asking.port, asking.host);
}
