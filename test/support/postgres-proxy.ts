import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Connection } from '../../src/database/database.ts';
import { type Unit, UnitReader } from '../faults/postgres-wire.ts';

/** An error as Postgres tells it; https://www.postgresql.org/docs/current/protocol-error-fields.html */
export interface WireError {
  readonly severity: 'ERROR' | 'FATAL';
  readonly code: string;
  readonly message: string;
}

interface ProxyOptions {
  /** 0: any free port. */
  readonly port?: number;
  /**
   * Returns the error that refuses a connection; undefined lets it in.
   *
   * @param asked the parameters that it begins with, names and values, each with a zero byte behind it.
   */
  readonly onConnect?: (asked: string) => WireError | undefined;
  /** Returns the error that a statement gets; undefined runs it. */
  readonly onStatement?: (text: string) => WireError | undefined;
  /** Changes what Postgres says; the result has to have as many bytes. */
  readonly answer?: (bytes: Buffer) => Buffer;
}

/** A Postgres that listens on a port of 127.0.0.1, and fails as it is told to. */
export interface PostgresProxy {
  readonly port: number;
  close(): Promise<void>;
}

export async function startPostgresProxy(
  { host, port: socketPort }: Connection,
  { port = 0, onConnect, onStatement, answer = (bytes) => bytes }: ProxyOptions = {},
): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const postgres = createConnection(`${host}/.s.PGSQL.${socketPort}`);
    for (const socket of [client, postgres]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        postgres.destroy();
      });
    }
    const units = new UnitReader();
    let isIn = false;
    const ask = ({ bytes, text }: Unit) => {
      const refusal = isIn ? undefined : onConnect?.(bytes.toString('utf8', 8));
      if (refusal) return void client.end(errorMessage(refusal));
      const failure = isIn ? onStatement?.(text) : undefined;
      isIn = true;
      if (failure) client.write(Buffer.concat([errorMessage(failure), readyForQuery]));
      else postgres.write(bytes);
    };
    client.on('data', (bytes) => {
      for (const unit of units.read(bytes)) ask(unit);
    });
    postgres.on('data', (bytes) => client.write(answer(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function errorMessage({ severity, code, message }: WireError): Buffer {
  const fields = Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${message}\0\0`);
  const header = Buffer.from('E\0\0\0\0', 'latin1');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}

/** Outside of a transaction. */
const readyForQuery = Buffer.from('Z\0\0\0\x05I', 'latin1');
