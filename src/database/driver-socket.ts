import type { Socket } from 'node:net';
import type pg from 'pg';

/** The socket of a client. The driver has no other way to drop a connection at once. */
export function socketOf(client: pg.Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}
