import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import type { Authenticate } from '../accounts/authenticate.ts';
import type { FileKind } from '../files/kind.ts';
import { fileKinds } from '../files/kinds/index.ts';
import type { KeyedRequests } from '../idempotency/keyed-requests.ts';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import { version } from '../kernel/version.ts';
import type { Runtime } from '../runtime/runs/runtime.ts';
import { authenticateWith } from './authenticate.ts';
import { closeConnections } from './closing-connections.ts';
import { componentSchemas } from './components.ts';
import { directoryRoutes } from './directory-routes.ts';
import { sendError } from './error-response.ts';
import { fileRoutes } from './file-routes.ts';
import { filesRoutes } from './files-routes.ts';
import { takeIdempotencyKeys } from './idempotency.ts';
import { bodyLimit, readJsonBody } from './json-body.ts';
import { agentRoutes } from './kinds/agent-routes.ts';
import { datasetRoutes } from './kinds/dataset-routes.ts';
import { flowRoutes } from './kinds/flow-routes.ts';
import { promptRoutes } from './kinds/prompt-routes.ts';
import { toolRoutes } from './kinds/tool-routes.ts';
import { logRoutes } from './log-routes.ts';
import { monitoringRoutes } from './monitoring-routes.ts';
import { sendNoRoute } from './no-route.ts';
import { takeOldNames } from './old-names.ts';
import { openApiOptions } from './openapi.ts';
import { openApiRoute } from './openapi-route.ts';
import { otelRoutes } from './otel-routes.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { providerKeyRoutes } from './provider-key-routes.ts';
import { sendBroken, sendNoTunnel } from './raw-answer.ts';
import { readLogRoutes } from './read-log-routes.ts';
import { logWhenAnswered } from './request-log.ts';
import { enterRoutes, type RouteTable } from './route-table.ts';
import { runRoutes } from './run-routes.ts';
import { textRoutes } from './text-routes.ts';
import { upsertRoutes } from './upsert-routes.ts';
import { requireCleanUrl } from './url.ts';
import { validatorCompiler } from './validation.ts';
import { versionRoutes } from './version-routes.ts';

/** What the API is built from. */
export interface AppParts {
  readonly runtime: Runtime;
  readonly authenticate: Authenticate;
  readonly keyed: KeyedRequests;
  readonly logger: Logger;
  /** Throws while the server cannot do its work. */
  readonly requireReady: () => Promise<void>;
}

/** The server: hooks, error handler, and which routes are mounted. It does not listen yet. */
export async function createApp({
  runtime,
  authenticate,
  keyed,
  logger,
  requireReady,
}: AppParts): Promise<FastifyInstance> {
  const logsRequests = logger.writes('info');
  const routes: RouteTable = new Map();
  const app = fastify({
    bodyLimit,
    genReqId: () => newId('req'),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    // What comes on an open connection while we stop is answered as ever, or refused in our words.
    return503OnClosing: false,
    // A request must have come whole in this time; answers may take as long as they need.
    requestTimeout: 60_000,
    routerOptions: {
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: 512,
    },
    frameworkErrors: (error, request, reply) => {
      // No hook is called for a request that the framework refuses by itself.
      if (logsRequests) logWhenAnswered(logger, request, reply);
      return sendError(logger, error, request, reply);
    },
    clientErrorHandler: (error, socket) => sendBroken({ routes, logger }, error, socket),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  // A response schema documents; it never drops or changes what a handler returned.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error, request, reply) => sendError(logger, error, request, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => readJsonBody(body),
  );
  if (logsRequests) {
    app.addHook('onRequest', async (request, reply) => logWhenAnswered(logger, request, reply));
  }
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    requireCleanUrl(request.url);
    return request.is404 ? sendNoRoute(routes, request, reply) : undefined;
  });
  enterRoutes(app, routes);
  app.server.on('connect', ({ url = '' }, socket) =>
    sendNoTunnel({ routes, logger }, url, socket as Socket),
  );
  closeConnections(app);
  // A client may leave out a body of which no field is set.
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {};
  });

  for (const schema of componentSchemas()) app.addSchema(schema);
  await app.register(swagger, openApiOptions);
  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async () => {
    await requireReady();
    return { status: 'ready' };
  });
  app.get('/version', { schema: { hide: true } }, () => ({ version }));
  await app.register(openApiRoute);
  await app.register(pageRoutes(requireReady));

  await app.register(
    async (v5) => {
      v5.decorateRequest('caller');
      v5.addHook('onRequest', authenticateWith(authenticate));
      v5.addHook('onRoute', takeOldNames);
      v5.addHook('onRoute', takeIdempotencyKeys(keyed));
      for (const kind of fileKinds) {
        await v5.register(routesOf(kind, runtime), { prefix: `/${kind.collection}` });
      }
      await v5.register(agentRoutes(runtime), { prefix: '/agents' });
      await v5.register(promptRoutes(runtime), { prefix: '/prompts' });
      await v5.register(flowRoutes(runtime.parts), { prefix: '/flows' });
      await v5.register(toolRoutes(runtime), { prefix: '/tools' });
      await v5.register(datasetRoutes, { prefix: '/datasets' });
      await v5.register(filesRoutes, { prefix: '/files' });
      await v5.register(directoryRoutes, { prefix: '/directories' });
      await v5.register(providerKeyRoutes(runtime.parts.keyring), { prefix: '/provider-keys' });
      await v5.register(readLogRoutes, { prefix: '/logs' });
      await v5.register(runRoutes(runtime), { prefix: '/logs' });
      await v5.register(otelRoutes(runtime.parts), { prefix: '/import/otel' });
    },
    { prefix: '/v5' },
  );
  return app;
}

/** The routes that a kind shares with others: those of its capabilities. */
function routesOf(kind: FileKind, { parts }: Runtime): FastifyPluginAsync {
  return async (app) => {
    await app.register(fileRoutes(kind));
    await app.register(versionRoutes(kind));
    // A version of a dataset is made of its datapoints, so it has a route of its own for it.
    if (kind.type !== 'dataset') await app.register(upsertRoutes(kind, parts.secrets));
    if (kind.text) await app.register(textRoutes(kind));
    if (!kind.log) return;
    await app.register(logRoutes(kind, kind.log, parts));
    await app.register(monitoringRoutes(kind));
  };
}
