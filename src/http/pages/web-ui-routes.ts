import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';
import { ownFilesOnly, pageHeaders } from './security-headers.ts';
import { type WebUi, webUiPaths } from './web-ui.ts';

const hidden = { schema: { hide: true } };
/** One page loads dozens of them, and they cost little. */
const unlimited = { ...hidden, config: { isUnlimited: true } };

/** The pages of the web UI, and its files. Its first page, `/`, is with the other pages. */
export function webUiRoutes(ui: WebUi): FastifyPluginAsync {
  return async (app) => {
    for (const path of webUiPaths) {
      // One page for all addresses: which one is shown is decided in it.
      app.get(`/${path}`, hidden, (_, reply) => requireWebUi(ui, reply));
      app.get(`/${path}/*`, hidden, (_, reply) => requireWebUi(ui, reply));
    }
    // Their names change with their content.
    app.get<FileRequest>('/assets/:name', unlimited, async ({ params, headers }, reply) => {
      void reply.header('cache-control', 'public, max-age=31536000, immutable');
      return sendFile(ui, reply, `assets/${params.name}`, headers['accept-encoding']);
    });
    for (const name of ['theme.js', 'icon.svg']) {
      app.get(`/${name}`, unlimited, async ({ headers }, reply) => {
        void reply.header('cache-control', 'no-cache');
        return sendFile(ui, reply, name, headers['accept-encoding']);
      });
    }
  };
}

/** Answers with the page of the UI, or says that it is being built; false if it is neither. */
export async function sendWebUi(ui: WebUi, reply: FastifyReply): Promise<boolean> {
  const page = await ui.page();
  if (!page) return sendBuilding(ui, reply);
  // Not even kept to be asked for again: it has the nonce of this answer.
  void reply.headers({ ...pageHeaders(page.policy), 'cache-control': 'no-store' });
  void reply.send(page.html);
  return true;
}

async function sendBuilding(ui: WebUi, reply: FastifyReply): Promise<boolean> {
  if (!(await ui.isBeingBuilt())) return false;
  const { buildingPage } = await import('./building-page.ts');
  void reply.headers({ ...pageHeaders(ownFilesOnly), 'cache-control': 'no-store' });
  void reply.send((await buildingPage()).text);
  return true;
}

interface FileRequest {
  readonly Params: { readonly name: string };
}

async function requireWebUi(ui: WebUi, reply: FastifyReply): Promise<FastifyReply> {
  if (await sendWebUi(ui, reply)) return reply;
  throw new PlatformError(
    'not_found',
    'route_not_found',
    'The web UI is not built. `npm start` builds it, and says why if it cannot.',
  );
}

async function sendFile(
  ui: WebUi,
  reply: FastifyReply,
  name: string,
  accepted: string | undefined,
): Promise<FastifyReply> {
  const file = await ui.file(name, accepted);
  if (!file) {
    void reply.removeHeader('cache-control');
    throw new PlatformError('not_found', 'route_not_found', 'There is no such file.');
  }
  void reply.headers({ vary: 'accept-encoding', 'x-content-type-options': 'nosniff' });
  if (file.encoding) void reply.header('content-encoding', file.encoding);
  return reply.type(file.contentType).send(file.content);
}
