import type { FastifyPluginAsync } from 'fastify';
import { version } from '../../kernel/version.ts';
import type { Door } from '../server/door.ts';

const hidden = { schema: { hide: true } };

/**
 * What monitoring asks: `/healthz` whether the process answers, `/readyz` whether it can do its work,
 * `/version`.
 *
 * @param requireReady throws while the server cannot do its work. Requests that come while it looks
 *   share its answer, so a flood of them is one look after the other.
 */
export function probeRoutes(requireReady: () => Promise<void>, door: Door): FastifyPluginAsync {
  let looking: Promise<void> | undefined;
  const look = () => {
    looking ??= requireReady().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  return async (app) => {
    app.get('/healthz', hidden, () => ({ status: 'ok' }));
    app.get('/readyz', { ...hidden, onRequest: door.probe }, async () => {
      await look();
      return { status: 'ready' };
    });
    app.get('/version', hidden, () => ({ version }));
  };
}
