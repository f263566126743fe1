import type { FastifyPluginAsync } from 'fastify';

/** The description of all routes, at `/openapi.json`. It is made when it is first asked for. */
export const openApiRoute: FastifyPluginAsync = async (app) => {
  let text: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, async (_, reply) => {
    // Not loaded before: the server need not wait for its examples when it starts.
    const { apiDocument } = await import('./document/api-document.ts');
    text ??= JSON.stringify(apiDocument(app.swagger()));
    return reply.type('application/json; charset=utf-8').send(text);
  });
};
