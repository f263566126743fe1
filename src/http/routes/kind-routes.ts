import type { FastifyPluginAsync } from 'fastify';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import type { HttpKind } from '../kind.ts';
import { callRoutes } from './call-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { judgmentSeriesRoutes } from './judgment-series-routes.ts';
import { logRoutes } from './log-routes.ts';
import { monitoringRoutes } from './monitoring-routes.ts';
import { textRoutes } from './text-routes.ts';
import { upsertRoutes } from './upsert-routes.ts';
import { versionRoutes } from './version-routes.ts';

/** The shared routes of a kind: one group for each thing that the kind can do. */
export function sharedRoutes(
  { kind, replaces }: HttpKind,
  { parts }: KindRuntime,
): FastifyPluginAsync {
  return async (app) => {
    await app.register(fileRoutes(kind));
    await app.register(versionRoutes(kind));
    if (!replaces?.includes('upsert')) await app.register(upsertRoutes(kind, parts.secrets));
    if (kind.text) await app.register(textRoutes(kind));
    if (!kind.log) return;
    const { update, ...form } = kind.log;
    const hasUpdate = update && !replaces?.includes('update_log');
    await app.register(logRoutes(kind, hasUpdate ? kind.log : form, parts));
    await app.register(monitoringRoutes(kind));
    await app.register(judgmentSeriesRoutes(kind, parts));
  };
}

/** The route that calls a version of a kind, and the routes that only this kind has. */
export function ownRoutes({ call, routes }: HttpKind, runtime: KindRuntime): FastifyPluginAsync {
  return async (app) => {
    if (call) await app.register(callRoutes(runtime, call));
    if (routes) await app.register(routes(runtime));
  };
}
