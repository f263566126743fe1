import type { FastifyRequest, RouteOptions } from 'fastify';
import type { Caller } from '../../accounts/callers.ts';
import { insufficientScope } from '../../accounts/errors.ts';
import { requireOwnLog } from '../../logs/read-logs.ts';
import { type Rule, type RuleSettings, ruleOf } from '../scopes.ts';
import { sessionRequired } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. */
    readonly rule?: Rule;
  }
}

/**
 * Gives each route its rule, and the description of the rule in the document.
 *
 * @throws Error for a route that no line or several lines of `http/scopes.ts` match.
 */
export function takeRule(route: RouteOptions, settings: RuleSettings): void {
  const [method = 'GET'] = [route.method].flat();
  const listed = ruleOf(method, route.url);
  const rule = (settings.openApiIsOpen ? undefined : listed.closed) ?? listed;
  route.config = { ...route.config, rule };
  route.schema = { ...route.schema, security: securityOf(rule) };
  const checks = [
    ...(rule.ownLog ? [requireOwn] : []),
    ...(rule.makesVersion && !settings.runKeysCreateFiles ? [requireWriteToMake] : []),
  ].map((check) => (request: FastifyRequest) => check(rule, request));
  if (checks.length > 0) route.preHandler = [...[route.preHandler ?? []].flat(), ...checks];
}

/** The rule of the route that answers a request. */
export function ruleOfRequest({ routeOptions: { config, url } }: FastifyRequest): Rule {
  if (!config.rule) throw new Error(`The route ${url} has no rule.`);
  return config.rule;
}

/**
 * Requires that a rule lets a caller pass.
 *
 * @throws `insufficient_scope` (forbidden), which names the scope that lacks; `session_required`.
 */
export function requireAllowed(
  rule: Rule,
  { type, scopes }: Pick<Caller, 'type' | 'scopes'>,
): void {
  if (rule.caller === 'session' && type !== 'session') throw sessionRequired();
  if (hasScopes(rule, scopes) || (rule.ownLog && scopes.has('run'))) return;
  const missing = rule.needs[0]?.find((scope) => !scopes.has(scope));
  if (missing) throw insufficientScope(missing);
}

function hasScopes({ needs }: Rule, scopes: Caller['scopes']): boolean {
  return needs.length === 0 || needs.some((set) => set.every((scope) => scopes.has(scope)));
}

/** A caller without all scopes of the rule reaches only the logs of its own key. */
async function requireOwn(rule: Rule, request: FastifyRequest): Promise<void> {
  const { scopes, workspace } = request.caller;
  if (rule.ownLog && !hasScopes(rule, scopes)) {
    await requireOwnLog(workspace, rule.ownLog(request));
  }
}

/** @throws `insufficient_scope` (forbidden) for a request that makes a version without `write`. */
async function requireWriteToMake(rule: Rule, request: FastifyRequest): Promise<void> {
  if (!request.caller.scopes.has('write') && rule.makesVersion?.(request)) {
    throw insufficientScope('write');
  }
}

/** The alternatives of a rule, as OpenAPI says them: the names in the lists are scopes. */
function securityOf({ caller, needs, ownLog }: Rule) {
  if (caller === 'none') return [];
  const sets = [...(needs.length === 0 ? [[]] : needs), ...(ownLog ? [['run']] : [])];
  const schemes = caller === 'session' ? ['session'] : ['apiKey', 'bearer', 'session'];
  return sets.flatMap((set) => schemes.map((scheme) => ({ [scheme]: [...set] })));
}
