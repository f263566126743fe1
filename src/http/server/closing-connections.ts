import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Milliseconds that a client which has just connected has to send its request during a stop. */
const quietMs = 500;
/** Milliseconds in which requests are received and answered during a stop. */
const answeringMs = 3_000;

/**
 * Makes a stop wait for answers but not for idle clients. It closes each connection after its last
 * answer, a connection without a request a moment later, and all others when the time is over.
 */
export function closeConnections(app: FastifyInstance): void {
  /** Connections without a request yet, which Node counts as busy. */
  const quiet = new Set<Socket>();
  let isClosing = false;
  app.server.on('connection', (socket) => {
    quiet.add(socket);
    socket.once('close', () => quiet.delete(socket));
  });
  app.addHook('onRequest', async ({ socket }) => {
    quiet.delete(socket);
  });
  // A connection that is kept alive for the next request would keep the server from stopping.
  app.addHook('onResponse', async ({ socket }) => {
    if (isClosing) socket.destroySoon?.();
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    const closeQuiet = () => {
      for (const socket of quiet) socket.destroy();
    };
    setTimeout(closeQuiet, quietMs).unref();
    setTimeout(() => app.server.closeAllConnections(), answeringMs).unref();
  });
}
