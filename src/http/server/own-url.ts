import type { FastifyRequest } from 'fastify';

/** A host name or address, with an optional port. It has no characters that a shell interprets. */
const plainHost = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

/** The address at which whoever makes a request has reached the server: `http://127.0.0.1:5005`. */
export function ownUrl({ protocol, host, socket }: FastifyRequest): string {
  // The Host header is not trusted: readers paste commands with this address into a shell.
  const ownHost = plainHost.test(host) ? host : `127.0.0.1:${socket.localPort}`;
  return `${protocol}://${ownHost}`;
}
