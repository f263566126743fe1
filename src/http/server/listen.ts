import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartFailure } from '../../kernel/start-failure.ts';
import { serverUrl } from '../../kernel/web-url.ts';

/**
 * Starts to listen.
 *
 * @param place.port 0 for any free port.
 * @returns `http://127.0.0.1:5005`
 * @throws StartFailure if the server cannot listen there.
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await app.listen({ host, port, backlog });
  } catch (error) {
    throw notListening(host, port, error as NodeJS.ErrnoException);
  }
  const { port: listening } = app.server.address() as AddressInfo;
  return serverUrl(host, listening);
}

/**
 * How many connections wait to be accepted, as far as the system allows. Node's 511 are reached when
 * hundreds of clients come within one turn of the event loop: each further one waits for seconds,
 * since its system repeats the first packet after 1 s, 3 s and 7 s.
 */
const backlog = 4_096;

/** Where a server listens: `http://127.0.0.1:5005`. Empty while it does not. */
export function listeningUrl({ server }: Pick<FastifyInstance, 'server'>): string {
  const place = server.address() as AddressInfo | null;
  return place === null ? '' : serverUrl(place.address, place.port);
}

function notListening(host: string, port: number, error: NodeJS.ErrnoException): StartFailure {
  if (error.code === 'EADDRINUSE') {
    return new StartFailure(
      `PORT ${port} is already in use, perhaps by another Loopwright`,
      'choose another port, such as PORT=5006',
      error,
    );
  }
  if (error.code === 'EACCES') {
    return new StartFailure(
      `PORT ${port} requires root`,
      'choose a port from 1024 to 65535, and put a reverse proxy in front of it',
      error,
    );
  }
  if (/^(EADDRNOTAVAIL|EAFNOSUPPORT|ENOTFOUND|EAI_\w+)$/.test(error.code ?? '')) {
    return new StartFailure(
      `HOST ${host} is not an address of this machine (${error.code})`,
      'set HOST to 127.0.0.1 to be reachable from this machine only, or to 0.0.0.0 to be reachable from others',
      error,
    );
  }
  return new StartFailure(
    `PORT ${port} of HOST ${host} cannot be opened (${error.code ?? error.message})`,
    'check whether this account or machine has reached a limit, such as the number of open files (ulimit -n)',
    error,
  );
}
