import type { FastifyPluginAsync } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';
import { hasAlready } from '../server/has-already.ts';
import { assetsPath, findAsset } from './assets.ts';
import { ownFilesOnly, pageHeaders, swaggerUiPolicy } from './security-headers.ts';
import { wantsHtml } from './wants-html.ts';
import type { WebUi } from './web-ui.ts';
import { sendWebUi, webUiRoutes } from './web-ui-routes.ts';

const hidden = { schema: { hide: true } };

/**
 * The pages: `/`, and below `/docs` the API reference and the assets of pages. A page's code is
 * loaded with its first request, to keep the start of the server fast.
 *
 * @param requireReady throws while the server cannot do its work.
 * @param ui the web UI. It takes the place of the page at `/`. Undefined, or not built: there is none.
 */
export function pageRoutes(requireReady: () => Promise<void>, ui?: WebUi): FastifyPluginAsync {
  return async (app) => {
    if (ui) await app.register(webUiRoutes(ui));
    app.get('/', hidden, async (request, reply) => {
      if (ui && wantsHtml(request) && (await sendWebUi(ui, reply.header('vary', 'accept')))) {
        return reply;
      }
      const { readHome } = await import('./home.ts');
      const home = await readHome(request, requireReady);
      // Forbid caching: the page shows whether the server is ready now, and the address of this
      // request.
      void reply.headers({ 'cache-control': 'no-store', vary: 'accept' });
      if (!wantsHtml(request)) {
        const { homeText } = await import('./home-text.ts');
        return reply.type('text/plain; charset=utf-8').send(homeText(home));
      }
      const { homePage } = await import('./home-page.ts');
      return reply.headers(pageHeaders(ownFilesOnly)).send((await homePage(home)).text);
    });

    // A redirect, so that bookmarks of the console stay valid when `/docs` gets an index.
    app.get('/docs', hidden, (_, reply) => reply.redirect('/docs/api/console'));

    app.get('/docs/api/console', hidden, async (_, reply) => {
      const { consolePage } = await import('./console-page.ts');
      return reply
        .headers({ ...pageHeaders(swaggerUiPolicy), 'cache-control': 'no-cache' })
        .send((await consolePage()).text);
    });

    app.get<AssetRequest>(`${assetsPath}/:name`, hidden, async (request, reply) => {
      const asset = await findAsset(request.params.name);
      if (!asset) {
        throw new PlatformError('not_found', 'route_not_found', 'There is no such file.');
      }
      const { contentType, fingerprint } = asset;
      const isCurrent = request.query.v === fingerprint;
      const etag = `"${fingerprint}"`;
      void reply.headers({
        etag,
        'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
        'x-content-type-options': 'nosniff',
      });
      if (hasAlready(request, etag)) return reply.code(304).send();
      return reply.type(contentType).send(await asset.read());
    });
  };
}

interface AssetRequest {
  readonly Params: { readonly name: string };
  readonly Querystring: { readonly v?: unknown };
}
