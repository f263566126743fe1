import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { hasAlready } from '../server/has-already.ts';

/**
 * `/openapi.json`, the description of all routes. It is built at the first request. A client that
 * has it already gets a 304.
 */
export const openApiRoute: FastifyPluginAsync = async (app) => {
  let made: Promise<Served> | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, async (request, reply) => {
    made ??= serve(app).catch((error: unknown) => {
      // Forget the failure, so that the next request tries again.
      made = undefined;
      throw error;
    });
    const { bytes, etag } = await made;
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    if (hasAlready(request, etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(bytes);
  });
};

interface Served {
  readonly bytes: Buffer;
  readonly etag: string;
}

async function serve(app: FastifyInstance): Promise<Served> {
  // Load this with the first request: the examples would slow down every start of the server.
  const { apiDocument } = await import('../document/api-document.ts');
  const bytes = Buffer.from(JSON.stringify(apiDocument(app.swagger())));
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
  return { bytes, etag };
}
