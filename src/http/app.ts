import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import type { Authenticate } from '../accounts/authenticate.ts';
import { fileKinds } from '../files/kinds/index.ts';
import type { KeyedRequests } from '../idempotency/keyed-requests.ts';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import type { KindRuntime, RuntimeParts } from '../runtime/kinds/runtime-parts.ts';
import { componentSchemas } from './document/components.ts';
import { openApiOptions } from './document/openapi.ts';
import type { HttpKind } from './kind.ts';
import { httpKinds } from './kinds/index.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { agreementRoutes } from './routes/agreement-routes.ts';
import { allFilesRoutes } from './routes/all-files-routes.ts';
import { customEndpointRoutes } from './routes/custom-endpoint-routes.ts';
import { directoryRoutes } from './routes/directory-routes.ts';
import { evaluationCompareRoutes } from './routes/evaluation-compare-routes.ts';
import { evaluationGateRoutes } from './routes/evaluation-gate-routes.ts';
import { evaluationRoutes } from './routes/evaluation-routes.ts';
import { evaluationRunRoutes } from './routes/evaluation-run-routes.ts';
import { evaluationStatsRoutes } from './routes/evaluation-stats-routes.ts';
import { ownRoutes, sharedRoutes } from './routes/kind-routes.ts';
import { openApiRoute } from './routes/openapi-route.ts';
import { otelRoutes } from './routes/otel-routes.ts';
import { probeRoutes } from './routes/probe-routes.ts';
import { providerKeyRoutes } from './routes/provider-key-routes.ts';
import { readLogRoutes } from './routes/read-log-routes.ts';
import { reviewRoutes } from './routes/review-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { authenticateWith } from './server/authenticate.ts';
import { restBetweenSteps } from './server/big-bodies.ts';
import { closeConnections } from './server/closing-connections.ts';
import { Door, type DoorLimits } from './server/door.ts';
import { sendError } from './server/error-response.ts';
import { takeIdempotencyKeys } from './server/idempotency.ts';
import { bodyLimit, takeJson } from './server/json-body.ts';
import { listeningUrl } from './server/listen.ts';
import { sendNoRoute } from './server/no-route.ts';
import { takeOldNames } from './server/old-names.ts';
import { requirePlainRequest } from './server/plain-request.ts';
import { sendBroken, sendNoTunnel } from './server/raw-answer.ts';
import { logWhenAnswered } from './server/request-log.ts';
import { enterRoutes, type RouteTable } from './server/route-table.ts';
import { requireCleanUrl } from './server/url.ts';
import { validatorCompiler } from './server/validation.ts';

/** The API as a server that does not listen yet. */
export type App = FastifyInstance;

/** The parts that the server needs. */
export interface AppParts {
  readonly runtime: KindRuntime;
  readonly authenticate: Authenticate;
  readonly keyed: KeyedRequests;
  readonly logger: Logger;
  /** Makes the server look for the work of new Runs at once. */
  readonly wakeEvaluations: () => void;
  /** Where people reach the server; undefined: where it listens. */
  readonly publicUrl: string | undefined;
  /** The most values in the JSON of a body. */
  readonly bodyValues: number;
  /** Throws while the server is not ready. */
  readonly requireReady: () => Promise<void>;
  readonly doorLimits: DoorLimits;
}

/** The server: hooks, error handler and routes. It does not listen yet. */
export async function createApp({
  runtime,
  authenticate,
  keyed,
  logger,
  wakeEvaluations,
  publicUrl,
  bodyValues,
  requireReady,
  doorLimits,
}: AppParts): Promise<App> {
  const logsRequests = logger.writes('info');
  const routes: RouteTable = new Map();
  const app = fastify({
    bodyLimit,
    // Not an empty list: with any list the framework believes `X-Forwarded-Host`.
    trustProxy: doorLimits.trustedProxies.length > 0 && [...doorLimits.trustedProxies],
    genReqId: () => newId('req'),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    // While the server stops, our own handlers answer requests on connections that are open.
    return503OnClosing: false,
    // Milliseconds to receive a whole request. There is no limit for the answer: runs take long.
    requestTimeout: 60_000,
    routerOptions: {
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: 512,
    },
    frameworkErrors: (error, request, reply) => {
      // Log the request here: no hook runs for a request that the framework itself refuses.
      if (logsRequests) logWhenAnswered(logger, request, reply);
      return sendError(logger, error, request, reply);
    },
    clientErrorHandler: (error, socket) => sendBroken({ routes, logger }, error, socket),
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  // Answer with plain JSON: response schemas are documentation, and must not drop fields.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error, request, reply) => sendError(logger, error, request, reply));
  takeJson(app, bodyValues);
  if (logsRequests) {
    app.addHook('onRequest', async (request, reply) => logWhenAnswered(logger, request, reply));
  }
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    requireCleanUrl(request.url);
    requirePlainRequest(request);
    return request.is404 ? sendNoRoute(routes, request, reply) : undefined;
  });
  enterRoutes(app, routes);
  app.server.on('connect', ({ url = '' }, socket) =>
    sendNoTunnel({ routes, logger }, url, socket as Socket),
  );
  closeConnections(app);
  restBetweenSteps(app);
  // SDKs leave out the body if no field of it is set.
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {};
  });

  const ofKinds = Object.values<HttpKind>(httpKinds).map(({ components }) => components);
  for (const schema of componentSchemas(Object.assign({}, ...ofKinds))) app.addSchema(schema);
  await app.register(swagger, openApiOptions);
  const door = new Door(doorLimits);
  await app.register(probeRoutes(requireReady, door));
  await app.register(async (pages) => {
    pages.addHook('onRequest', door.page);
    await pages.register(openApiRoute);
    await pages.register(pageRoutes(requireReady));
  });

  const parts = { runtime, authenticate, keyed, wakeEvaluations, publicUrl, bodyValues };
  await app.register(v5Routes(app, parts, door), { prefix: '/v5' });
  return app;
}

/** Everything that needs a key: `/v5`. */
function v5Routes(
  app: App,
  {
    runtime,
    authenticate,
    keyed,
    wakeEvaluations,
    publicUrl,
    bodyValues,
  }: Omit<AppParts, 'logger' | 'requireReady' | 'doorLimits'>,
  door: Door,
): FastifyPluginAsync {
  return async (v5) => {
    v5.decorateRequest('caller');
    v5.addHook('onRequest', authenticateWith(authenticate, door));
    v5.addHook('onRoute', takeOldNames);
    v5.addHook('onRoute', takeIdempotencyKeys(keyed));
    for (const { type, collection } of fileKinds) {
      await v5.register(sharedRoutes(httpKinds[type], runtime), { prefix: `/${collection}` });
    }
    for (const kind of Object.values(httpKinds)) {
      await v5.register(ownRoutes(kind, runtime), { prefix: `/${kind.kind.collection}` });
    }
    await v5.register(allFilesRoutes, { prefix: '/files' });
    await v5.register(directoryRoutes, { prefix: '/directories' });
    await v5.register(providerKeyRoutes(runtime.parts.keyring), { prefix: '/provider-keys' });
    const { endpoints } = runtime.parts;
    await v5.register(customEndpointRoutes(endpoints), { prefix: '/custom-endpoints' });
    await v5.register(readLogRoutes(runtime.parts), { prefix: '/logs' });
    await v5.register(runRoutes(runtime), { prefix: '/logs' });
    const urlOf = (id: string) => `${publicUrl ?? listeningUrl(app)}/evaluations/${id}`;
    await v5.register(allEvaluationRoutes(runtime.parts, { urlOf, wake: wakeEvaluations }));
    await v5.register(otelRoutes(runtime.parts, bodyValues), { prefix: '/import/otel' });
  };
}

/** Evaluations, their Runs and numbers, and what people judge. */
function allEvaluationRoutes(
  parts: RuntimeParts,
  { urlOf, wake }: { readonly urlOf: (id: string) => string; readonly wake: () => void },
): FastifyPluginAsync {
  return async (v5) => {
    const prefix = '/evaluations';
    await v5.register(evaluationRoutes(urlOf, wake), { prefix });
    await v5.register(evaluationRunRoutes(parts, wake), { prefix });
    await v5.register(evaluationStatsRoutes(urlOf), { prefix });
    await v5.register(evaluationCompareRoutes(parts), { prefix });
    await v5.register(evaluationGateRoutes, { prefix });
    await v5.register(agreementRoutes, { prefix: '/evaluators' });
    await v5.register(reviewRoutes(parts), { prefix: '/reviews' });
  };
}
