import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Milliseconds that a stop leaves a client that has just connected for its request. */
const quietMs = 500;
/** Milliseconds that a stop leaves requests to be read and answered. */
const answeringMs = 3_000;

/**
 * Lets a stop wait for answers, and not for clients: each connection is closed when its last answer
 * is out, one that asks for nothing a moment later, and any other when it has had time enough.
 */
export function closeConnections(app: FastifyInstance): void {
  /** Of those who have not asked for anything yet. Node takes them for busy. */
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
