import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import type { Callers } from '../accounts/callers.ts';
import type { SignInParts } from '../accounts/sign-in/sign-in.ts';
import { fileKinds } from '../files/kinds/index.ts';
import type { KeyedRequests } from '../idempotency/keyed-requests.ts';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import type { KindRuntime, RuntimeParts } from '../runtime/kinds/runtime-parts.ts';
import { componentSchemas } from './document/components.ts';
import { openApiOptions } from './document/openapi.ts';
import type { HttpKind } from './kind.ts';
import { httpKinds } from './kinds/index.ts';
import { sendNoPage } from './pages/no-page.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { webUi } from './pages/web-ui.ts';
import { agreementRoutes } from './routes/agreement-routes.ts';
import { allFilesRoutes } from './routes/all-files-routes.ts';
import { apiKeyRoutes } from './routes/api-key-routes.ts';
import { customEndpointRoutes } from './routes/custom-endpoint-routes.ts';
import { deploymentRoutes } from './routes/deployment-routes.ts';
import { directoryRoutes } from './routes/directory-routes.ts';
import { directoryStatsRoutes } from './routes/directory-stats-routes.ts';
import { environmentRoutes } from './routes/environment-routes.ts';
import { evaluationCompareRoutes } from './routes/evaluation-compare-routes.ts';
import { evaluationGateRoutes } from './routes/evaluation-gate-routes.ts';
import { evaluationRoutes } from './routes/evaluation-routes.ts';
import { evaluationRunRoutes } from './routes/evaluation-run-routes.ts';
import { evaluationStatsRoutes } from './routes/evaluation-stats-routes.ts';
import { forkRoutes } from './routes/fork-routes.ts';
import { invitationRoutes } from './routes/invitation-routes.ts';
import { ownRoutes, sharedRoutes } from './routes/kind-routes.ts';
import { logBulkRoutes } from './routes/log-bulk-routes.ts';
import { logOverviewRoutes } from './routes/log-overview-routes.ts';
import { meRoutes } from './routes/me-routes.ts';
import { memberRoutes } from './routes/member-routes.ts';
import { modelRoutes } from './routes/model-routes.ts';
import { openApiRoute } from './routes/openapi-route.ts';
import { organizationRoutes } from './routes/organization-routes.ts';
import { otelRoutes } from './routes/otel-routes.ts';
import { probeRoutes } from './routes/probe-routes.ts';
import { providerKeyRoutes } from './routes/provider-key-routes.ts';
import { readLogRoutes } from './routes/read-log-routes.ts';
import { reviewRoutes } from './routes/review-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { signInRoutes } from './routes/sign-in-routes.ts';
import { spanRoutes } from './routes/span-routes.ts';
import type { RuleSettings } from './scopes.ts';
import { authenticateWith, type Credentials } from './server/authenticate.ts';
import { takeRule } from './server/authorize.ts';
import { restBetweenSteps } from './server/big-bodies.ts';
import { closeConnections } from './server/closing-connections.ts';
import { Door, type DoorLimits } from './server/door.ts';
import { sendError } from './server/error-response.ts';
import { takeIdempotencyKeys } from './server/idempotency.ts';
import { bodyLimit, takeJson } from './server/json-body.ts';
import { linkUrl } from './server/link-url.ts';
import { listeningUrl } from './server/listen.ts';
import { sendNoRoute } from './server/no-route.ts';
import { takeOldNames } from './server/old-names.ts';
import { requirePlainRequest } from './server/plain-request.ts';
import { sendBroken, sendNoTunnel } from './server/raw-answer.ts';
import { logWhenAnswered } from './server/request-log.ts';
import { enterRoutes, type RouteTable } from './server/route-table.ts';
import { SessionCookie } from './server/session-cookie.ts';
import { hasNul, requireCleanUrl } from './server/url.ts';
import { validatorCompiler } from './server/validation.ts';

/** The API as a server that does not listen yet. */
export type App = FastifyInstance;

/** The parts that the server needs. */
export interface AppParts {
  readonly runtime: KindRuntime;
  readonly callers: Callers;
  readonly signIn: SignInParts;
  readonly keyed: KeyedRequests;
  readonly logger: Logger;
  /** Makes the server look for the work of new Runs at once. */
  readonly wakeEvaluations: () => void;
  /** Where people reach the server; undefined: where it listens. */
  readonly publicUrl: string | undefined;
  readonly rules: RuleSettings;
  /** The most values in the JSON of a body. */
  readonly bodyValues: number;
  /** Throws while the server is not ready. */
  readonly requireReady: () => Promise<void>;
  readonly doorLimits: DoorLimits;
  /** Where the built web UI is; undefined: the server shows none. */
  readonly webFolder?: string | undefined;
}

/** The server: hooks, error handler and routes. It does not listen yet. */
export async function createApp({
  logger,
  requireReady,
  doorLimits,
  webFolder,
  ...parts
}: AppParts): Promise<App> {
  const { publicUrl, bodyValues } = parts;
  const logsRequests = logger.writes('info');
  const routes: RouteTable = new Map();
  const ui = webFolder === undefined ? undefined : webUi(webFolder);
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
      void sendNoPage(ui, request, reply).then(
        (isSent) => isSent || sendError(logger, error, request, reply),
        (failed) => sendError(logger, failed, request, reply),
      );
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
    if (request.is404 || hasNul(request.url)) {
      if (await sendNoPage(ui, request, reply)) return reply;
    }
    requireCleanUrl(request.url);
    requirePlainRequest(request);
    return request.is404 ? sendNoRoute(routes, request, reply) : undefined;
  });
  enterRoutes(app, routes);
  app.addHook('onRoute', (route) => takeRule(route, parts.rules));
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
  const cookie = new SessionCookie(publicUrl);
  const credentials = { callers: parts.callers, door, cookie, publicUrl };
  app.decorateRequest('caller');
  await app.register(probeRoutes(requireReady, door));
  await app.register(async (pages) => {
    pages.addHook('onRequest', door.page);
    pages.addHook('onRequest', authenticateWith(credentials));
    await pages.register(openApiRoute);
    await pages.register(pageRoutes(requireReady, ui));
  });

  const signIn = signInRoutes(parts.signIn, credentials, linkUrl(publicUrl));
  await app.register(signIn, { prefix: '/v5/auth' });
  await app.register(v5Routes(app, parts, credentials), { prefix: '/v5' });
  return app;
}

/** Everything that needs a key: `/v5`. */
function v5Routes(
  app: App,
  parts: Omit<AppParts, 'logger' | 'requireReady' | 'doorLimits' | 'rules'>,
  credentials: Credentials,
): FastifyPluginAsync {
  const { runtime, keyed, wakeEvaluations, publicUrl, bodyValues } = parts;
  return async (v5) => {
    v5.addHook('onRequest', authenticateWith(credentials));
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
    await v5.register(directoryStatsRoutes(runtime.parts), { prefix: '/directories' });
    await v5.register(providerKeyRoutes(runtime.parts), { prefix: '/provider-keys' });
    await v5.register(modelRoutes, { prefix: '/models' });
    await v5.register(customEndpointRoutes(runtime.parts), { prefix: '/custom-endpoints' });
    await v5.register(readLogRoutes(runtime.parts), { prefix: '/logs' });
    await v5.register(runRoutes(runtime), { prefix: '/logs' });
    await v5.register(forkRoutes(runtime), { prefix: '/logs' });
    await v5.register(spanRoutes, { prefix: '/logs' });
    await v5.register(logOverviewRoutes);
    await v5.register(logBulkRoutes(runtime.parts));
    const urlOf = (id: string) => `${publicUrl ?? listeningUrl(app)}/evaluations/${id}`;
    await v5.register(allEvaluationRoutes(runtime.parts, { urlOf, wake: wakeEvaluations }));
    await v5.register(otelRoutes(runtime.parts, bodyValues), { prefix: '/import/otel' });
    await v5.register(accountRoutes(parts));
  };
}

/** Members, their keys and sessions, and where they deploy to. */
function accountRoutes({
  callers,
  signIn: { passwords },
  runtime,
  publicUrl,
}: Pick<AppParts, 'callers' | 'signIn' | 'runtime' | 'publicUrl'>): FastifyPluginAsync {
  const urlOf = linkUrl(publicUrl);
  return async (v5) => {
    await v5.register(meRoutes({ callers, passwords }, urlOf), { prefix: '/me' });
    await v5.register(organizationRoutes(callers), { prefix: '/organization' });
    await v5.register(memberRoutes(callers, urlOf), { prefix: '/members' });
    await v5.register(invitationRoutes(urlOf), { prefix: '/invitations' });
    await v5.register(apiKeyRoutes(callers, runtime), { prefix: '/api-keys' });
    await v5.register(environmentRoutes, { prefix: '/environments' });
    await v5.register(deploymentRoutes, { prefix: '/deployments' });
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
