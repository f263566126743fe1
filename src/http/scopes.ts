import type { FastifyRequest } from 'fastify';
import type { Scope } from '../contract/accounts.ts';
import type { Fields, FileKind } from '../files/kind.ts';
import { fileKinds } from '../files/kinds/index.ts';
import { webUiPaths } from './pages/web-ui.ts';

/** Who may use a route. */
export interface Rule {
  /** `none`: everybody; `known`: whoever has a key or a session; `session`: whoever is signed in. */
  readonly caller: 'none' | 'known' | 'session';
  /** Sets of scopes. A caller needs one set whole; with an empty list it needs none. */
  readonly needs: readonly (readonly Scope[])[];
  /** What a caller with `run` alone may reach: only logs that its own key made. */
  readonly ownLog?: (request: FastifyRequest) => string;
  /**
   * Whether a request makes versions of files: v5 clients give them with their calls and logs. An
   * operator may want `write` for that (`LOOPWRIGHT_RUN_KEYS_CREATE_FILES`).
   */
  readonly makesVersion?: (request: FastifyRequest) => boolean;
  /** The rule in place of this one where the operator has closed the route (`OPENAPI_OPEN`). */
  readonly closed?: Rule;
}

/** What an operator may say of the rules. */
export interface RuleSettings {
  /** Whether keys with the scope `run` alone make versions of files with their calls and logs. */
  readonly runKeysCreateFiles: boolean;
  /** Whether `/openapi.json` needs no key. */
  readonly openApiIsOpen: boolean;
}

const open: Rule = { caller: 'none', needs: [] };
const anybodyKnown: Rule = { caller: 'known', needs: [] };
const signedIn: Rule = { caller: 'session', needs: [] };
const adminSignedIn: Rule = { caller: 'session', needs: [['admin']] };
const needs = (...sets: readonly (readonly Scope[])[]): Rule => ({ caller: 'known', needs: sets });
const [run, read, write, admin] = (['run', 'read', 'write', 'admin'] as const).map((scope) =>
  needs([scope]),
) as [Rule, Rule, Rule, Rule];
const readOrRun = needs(['read'], ['run']);
/** Running or logging a version, which the request may give. */
const runGiven: Rule = { ...run, makesVersion: hasInlineVersion };
/** Judging a log shows it. */
const judge = needs(['run', 'read']);

const logOfPath = ({ params }: FastifyRequest) => {
  const { log_id, id } = params as { readonly log_id?: string; readonly id?: string };
  return String(log_id ?? id);
};
const logOfBody = ({ body }: FastifyRequest) => String((body as { log_id: string }).log_id);
/** Reading a log; a key that may only run reads its own. */
const readLog: Rule = { ...needs(['read']), ownLog: logOfPath };
/** Cancelling a run; a key that may not write cancels its own. */
const cancel: Rule = { ...needs(['write']), ownLog: logOfPath };
/** Running or logging on; the answer shows the log, so a key that may not read needs it to be its own. */
const runOn = (ownLog: NonNullable<Rule['ownLog']>): Rule => ({ ...judge, ownLog });

/**
 * Every route and who may use it: methods, pattern, rule. `:kind` stands for the collections of all
 * kinds of files, and GET for HEAD too.
 *
 * A route that no line or several lines match is refused when the server is composed.
 */
export const routeRules: readonly (readonly [methods: string, pattern: string, rule: Rule])[] = [
  ['GET', '/', open],
  ['GET', '/healthz', open],
  ['GET', '/readyz', open],
  ['GET', '/version', open],
  ['GET', '/openapi.json', { ...open, closed: read }],
  ['GET', '/docs', open],
  ['GET', '/docs/api/console', open],
  ['GET', '/docs/assets/:name', open],
  // The web UI. What it shows comes from `/v5`.
  ...webUiPaths.map((path) => ['GET', `/${path}`, open] as const),
  ...webUiPaths.map((path) => ['GET', `/${path}/*`, open] as const),
  ['GET', '/assets/:name', open],
  ['GET', '/theme.js', open],
  ['GET', '/icon.svg', open],

  ['GET', '/v5/:kind', read],
  ['POST', '/v5/:kind', write],
  ['GET', '/v5/:kind/:id', readOrRun],
  ['PATCH DELETE', '/v5/:kind/:id', write],
  ['GET', '/v5/:kind/:id/versions', read],
  ['PATCH DELETE', '/v5/:kind/:id/versions/:version_id', write],
  ['POST', '/v5/:kind/:id/versions/:version_id/commit', write],
  ['GET', '/v5/:kind/:id/environments', read],
  // And what the environment says of its deployers: files/deploy-version.ts.
  ['POST DELETE', '/v5/:kind/:id/environments/:environment_id', write],
  ['POST', '/v5/:kind/:id/evaluators', write],
  ['GET', '/v5/:kind/:id/evaluators/stats', read],
  ['GET', '/v5/:kind/:id/serialize', readOrRun],
  ['POST', '/v5/:kind/serialize', read],
  ['POST', '/v5/:kind/deserialize', read],
  ['POST', '/v5/agents/call', runGiven],
  ['POST', '/v5/prompts/call', runGiven],
  ['POST', '/v5/tools/call', runGiven],
  // The code of an evaluator sees the log that it judges, and its answer can tell it.
  ['POST', '/v5/evaluators/call', judge],
  ['POST', '/v5/:kind/log', runGiven],
  ['PATCH', '/v5/:kind/:id/log/:log_id', runOn(logOfPath)],
  ['PATCH', '/v5/flows/logs/:log_id', runOn(logOfPath)],
  ['POST', '/v5/agents/continue', runOn(logOfBody)],
  ['POST', '/v5/prompts/:id/populate', readOrRun],
  // Their values are shown in clear, so reading is for those who could set them.
  ['GET POST', '/v5/tools/:id/environment-variables', write],
  ['DELETE', '/v5/tools/:id/environment-variables/:name', write],
  ['GET', '/v5/datasets/:id/datapoints', read],
  ['POST', '/v5/datasets/:id/datapoints/csv', write],
  ['GET', '/v5/evaluators/:id/agreement', read],

  ['GET', '/v5/files', read],
  ['POST', '/v5/files/retrieve-by-path', readOrRun],
  ['GET', '/v5/directories', read],
  ['POST', '/v5/directories', write],
  ['GET', '/v5/directories/:id', read],
  ['GET', '/v5/directories/:id/log-stats', read],
  ['PATCH DELETE', '/v5/directories/:id', write],

  ['GET', '/v5/logs', read],
  ['DELETE', '/v5/logs', write],
  ['GET', '/v5/logs/:id', readLog],
  ['GET', '/v5/logs/:log_id/events', readLog],
  ['GET', '/v5/logs/:log_id/spans', readLog],
  ['GET', '/v5/logs/:log_id/spans/:span_id', readLog],
  ['GET', '/v5/logs/:log_id/neighbours', read],
  // The answer shows turns of the log.
  ['POST', '/v5/logs/:log_id/fork', judge],
  ['POST', '/v5/logs/delete', write],
  ['GET', '/v5/log-stats', read],
  ['GET', '/v5/log-export', read],
  ['POST', '/v5/logs/:log_id/cancel', cancel],
  ['POST', '/v5/import/otel/v1/traces', { ...run, makesVersion: () => true }],

  ['GET', '/v5/evaluations', read],
  ['POST', '/v5/evaluations', write],
  ['GET', '/v5/evaluations/:id', read],
  ['DELETE', '/v5/evaluations/:id', write],
  ['POST', '/v5/evaluations/:id/evaluators', write],
  ['DELETE', '/v5/evaluations/:id/evaluators/:evaluator_version_id', write],
  ['GET', '/v5/evaluations/:id/logs', read],
  ['GET', '/v5/evaluations/:id/stats', read],
  ['GET', '/v5/evaluations/:id/compare', read],
  ['POST', '/v5/evaluations/:id/compare', write],
  ['GET', '/v5/evaluations/:id/compare/datapoints', read],
  ['POST', '/v5/evaluations/:id/replays', write],
  ['GET', '/v5/evaluations/:id/runs', read],
  ['POST', '/v5/evaluations/:id/runs', write],
  ['POST PATCH DELETE', '/v5/evaluations/:id/runs/:run_id', write],
  ['POST', '/v5/evaluations/:id/runs/:run_id/gate', write],
  ['POST', '/v5/evaluations/:id/runs/:run_id/logs', run],
  ['POST', '/v5/evaluations/:id/runs/:run_id/retry', write],
  ['GET', '/v5/environments', read],
  ['GET', '/v5/deployments', read],
  ['POST', '/v5/environments', admin],
  ['PATCH DELETE', '/v5/environments/:id', admin],

  ['GET', '/v5/reviews', read],
  ['POST', '/v5/reviews/next', judge],
  ['POST', '/v5/reviews/:id', judge],
  ['DELETE', '/v5/reviews/:id/reservation', judge],

  ['GET', '/v5/models', read],
  ['GET', '/v5/provider-keys', read],
  ['POST', '/v5/provider-keys', admin],
  ['DELETE', '/v5/provider-keys/:provider', admin],
  // It costs a few tokens.
  ['POST', '/v5/provider-keys/:provider/test', admin],
  ['POST', '/v5/custom-endpoints/:endpoint/test', admin],
  ['GET', '/v5/custom-endpoints', read],
  ['GET', '/v5/custom-endpoints/:endpoint', read],
  ['POST', '/v5/custom-endpoints', admin],
  ['PATCH DELETE', '/v5/custom-endpoints/:endpoint', admin],

  ['GET', '/v5/auth', open],
  ['POST', '/v5/auth/sign-in', open],
  ['POST', '/v5/auth/sign-out', open],
  ['GET POST', '/v5/auth/invitation/:token', open],
  ['GET POST', '/v5/auth/reset/:token', open],
  ['POST', '/v5/auth/setup', open],
  ['GET', '/v5/me', anybodyKnown],
  ['PATCH', '/v5/me', signedIn],
  ['GET', '/v5/me/sessions', signedIn],
  ['DELETE', '/v5/me/sessions/:id', signedIn],
  ['GET', '/v5/organization', read],
  ['PATCH', '/v5/organization', admin],
  // And the role `owner`: accounts/members/delete-organization.ts.
  ['DELETE', '/v5/organization', adminSignedIn],
  ['GET', '/v5/members', read],
  ['GET', '/v5/members/:id', read],
  ['PATCH DELETE', '/v5/members/:id', admin],
  ['POST', '/v5/members/:id/reset', admin],
  ['GET POST', '/v5/invitations', admin],
  ['DELETE', '/v5/invitations/:id', admin],
  ['POST', '/v5/invitations/:id/renew', admin],
  // Those of the member; with `admin` those of others, too: accounts/keys/manage-keys.ts.
  ['GET', '/v5/api-keys', read],
  ['POST', '/v5/api-keys', write],
  ['PATCH DELETE', '/v5/api-keys/:id', write],
  ['POST', '/v5/api-keys/:id/rotate', write],
];

/** Whether the body of a call or log gives a version, in place of naming one. */
function hasInlineVersion({ body, routeOptions: { url = '' } }: FastifyRequest): boolean {
  const kind = fileKinds.find(({ collection }) => url.startsWith(`/v5/${collection}/`));
  const member = kind && ((kind as FileKind).log?.inline ?? kind.type);
  return member !== undefined && ((body as Fields | undefined)?.[member] ?? null) !== null;
}

/**
 * The rule of a route.
 *
 * @param pattern as the router has it: `/v5/agents/:id`.
 * @throws Error when no line or several lines match.
 */
export function ruleOf(method: string, pattern: string, table = routeRules): Rule {
  const sought = normal(pattern);
  const fitting = table.filter(
    ([methods, line]) =>
      methods.split(' ').includes(method === 'HEAD' ? 'GET' : method) &&
      collections(line).includes(sought),
  );
  const [first] = fitting;
  if (first && fitting.length === 1) return first[2];
  throw new Error(
    `${fitting.length === 0 ? 'No line' : 'More than one line'} of http/scopes.ts matches ${method} ${pattern}.`,
  );
}

/** The patterns that a line stands for. */
function collections(line: string): readonly string[] {
  if (!line.includes('/:kind')) return [normal(line)];
  return fileKinds.map(({ collection }) => normal(line.replace(':kind', collection)));
}

/** A pattern without the names of its parameters and without a slash at its end. */
function normal(pattern: string): string {
  return pattern.replaceAll(/:\w+/g, ':').replace(/(.)\/$/, '$1');
}
