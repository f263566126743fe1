import { type RawBuilder, sql } from 'kysely';
import type { LogState } from '../../contract/spans.ts';
import type { Workspace } from '../../database/workspace.ts';
import {
  isPlain,
  type JudgmentFilter,
  type LogFilter,
  type Range,
  spellings,
} from './log-filter.ts';

type Sql = RawBuilder<unknown>;

/** Seconds that a log took; null when it has not ended. */
export const latency = sql`coalesce(extract(epoch FROM l.end_time - l.start_time)::float8,
  l.provider_latency)`;
/** US dollars; null when a part is unknown. */
export const cost = sql`(l.prompt_cost + l.output_cost)`;
/** Null when both parts are unknown. */
export const tokens = sql`coalesce(l.prompt_tokens::bigint + l.output_tokens, l.prompt_tokens,
  l.output_tokens)`;
/** The condition of the index `log_failed`. */
export const isFailed = sql`(l.error IS NOT NULL OR l.ended_as = 'failed')`;
/** Search the text of the output message when a log has no output. */
export const output = sql`coalesce(l.output, l.output_message ->> 'content')`;

/**
 * The SQL condition of a filter on a log `l`.
 *
 * Conditions on columns of the index `log_overview` are written so that nothing else is read. It has
 * the version of a log, and not its file.
 */
export function conditions(workspace: Workspace, filter: LogFilter): Sql {
  const { organizationId } = workspace;
  const { createdFrom, createdUntil, isInTrace, among } = filter;
  const parts = [
    sql`l.organization_id = ${organizationId}`,
    ofFile(workspace, filter),
    ofTexts(filter),
  ];
  if (among !== undefined) parts.push(sql`l.id = ANY(${[...among]}::text[])`);
  if (createdFrom !== undefined) parts.push(sql`l.created_at >= ${createdFrom}`);
  if (createdUntil !== undefined) parts.push(sql`l.created_at <= ${createdUntil}`);
  if (isInTrace !== undefined) {
    parts.push(isInTrace ? sql`l.trace_parent_id IS NOT NULL` : sql`l.trace_parent_id IS NULL`);
  }
  if (!isPlain(filter)) parts.push(...more(workspace, filter));
  return sql.join(parts, sql` AND `);
}

function ofFile({ organizationId }: Workspace, filter: LogFilter): Sql {
  const { fileId, versionId } = filter;
  // Name only the version, without its file: the index `log_version_list` then answers the query.
  if (versionId !== undefined) return sql`l.version_id = ${versionId}`;
  const versions = sql`SELECT v.id FROM version v
    JOIN file f ON f.organization_id = ${organizationId} AND f.id = v.file_id
    WHERE v.organization_id = ${organizationId}`;
  if (fileId === undefined) {
    return sql`l.version_id NOT IN (${versions} AND f.deleted_at IS NOT NULL)`;
  }
  return isPlain(filter)
    ? sql`l.file_id = ${fileId}`
    : sql`l.version_id IN (${versions} AND f.id = ${fileId})`;
}

function more(workspace: Workspace, filter: LogFilter): Sql[] {
  const { organizationId } = workspace;
  const { types, states, environments, user, source } = filter;
  const parts: Sql[] = [];
  if (types.length > 0) {
    parts.push(sql`l.version_id IN (SELECT v.id FROM version v
      JOIN file f ON f.organization_id = ${organizationId} AND f.id = v.file_id
      WHERE v.organization_id = ${organizationId} AND f.type = ANY(${[...types]}::text[]))`);
  }
  if (states.length > 0) parts.push(inState(workspace, states));
  if (environments.length > 0) {
    parts.push(sql`l.environment = ANY(${[...environments]}::text[])`);
  }
  if (user !== undefined) parts.push(sql`l."user" = ${user}`);
  if (source !== undefined) parts.push(sql`l.source = ${source}`);
  parts.push(
    ...within(cost, filter.cost),
    ...within(latency, filter.latency),
    ...within(tokens, filter.tokens),
    ...filter.judgments.map((judgment) => judgedAs(workspace, judgment)),
  );
  return parts;
}

function within(value: Sql, { min, max }: Range): Sql[] {
  return [
    ...(min === undefined ? [] : [sql`${value} >= ${min}`]),
    ...(max === undefined ? [] : [sql`${value} <= ${max}`]),
  ];
}

/** The same as `stateOf`. Only logs that are incomplete have a run. */
function inState({ organizationId }: Workspace, states: readonly LogState[]): Sql {
  const runs = (state: Sql) => sql`(SELECT log_id FROM run
    WHERE organization_id = ${organizationId} AND ${state})`;
  const ofRuns = states.filter((state) => !ended.has(state));
  const isOpen = sql`l.log_status IS NOT DISTINCT FROM 'incomplete'`;
  const hasNoRun = sql`l.id NOT IN ${runs(sql`true`)}`;
  const failed = sql`EXISTS (SELECT FROM log e WHERE e.organization_id = ${organizationId}
    AND e.created_at = l.created_at AND e.id = l.id AND (e.error IS NOT NULL OR e.ended_as = 'failed'))`;
  const each: Readonly<Record<string, Sql>> = {
    error: sql`(${failed} AND ${hasNoRun})`,
    incomplete: sql`(${isOpen} AND ${hasNoRun} AND NOT ${failed})`,
    complete: sql`(NOT ${isOpen} AND NOT ${failed})`,
  };
  return sql`(${sql.join(
    [
      ...(ofRuns.length > 0 ? [sql`l.id IN ${runs(sql`state = ANY(${ofRuns}::text[])`)}`] : []),
      ...states.flatMap((state) => each[state] ?? []),
    ],
    sql` OR `,
  )})`;
}

const ended: ReadonlySet<LogState> = new Set(['error', 'incomplete', 'complete']);

function judgedAs({ organizationId }: Workspace, { evaluatorId, says }: JudgmentFilter): Sql {
  const judged = (so: Sql) => sql`(SELECT log_id FROM judgment
    WHERE organization_id = ${organizationId} AND evaluator_id = ${evaluatorId} AND ${so})`;
  if ('option' in says) return sql`l.id IN ${judged(sql`${says.option} = ANY(options)`)}`;
  if ('sign' in says) {
    return sql`l.id IN ${judged(says.sign === '>=' ? sql`value >= ${says.value}` : sql`value <= ${says.value}`)}`;
  }
  switch (says.word) {
    case 'none':
      return sql`l.id NOT IN ${judged(sql`true`)}`;
    case 'any':
      return sql`l.id IN ${judged(sql`true`)}`;
    case 'true':
    case 'false':
      return sql`l.id IN ${judged(sql`value = ${says.word === 'true' ? 1 : 0}`)}`;
    default:
      return sql`l.id IN ${judged(sql`outcome = ${says.word}`)}`;
  }
}

/** The SQL condition of a filter on the texts of a log `l`. */
export function ofTexts({ idParts, said, metadata }: LogFilter): Sql {
  const parts = [sql`true`];
  if (idParts.length > 0) {
    const each = idParts.map((part) => sql`position(${part} IN l.id) > 0`);
    parts.push(sql`(${sql.join(each, sql` OR `)})`);
  }
  if (said !== undefined) {
    parts.push(sql`(${holds(inputs, said)} OR ${holds(output, said)})`);
  }
  if (metadata !== undefined) parts.push(holds(sql`l.metadata::text`, metadata));
  return sql.join(parts, sql` AND `);
}

const inputs = sql`l.inputs::text`;

function holds(text: Sql, part: string): Sql {
  const each = spellings(part).map(
    (spelling) => sql`position(folded(${spelling}) IN folded(${text})) > 0`,
  );
  return sql`coalesce(${sql.join(each, sql` OR `)}, false)`;
}
