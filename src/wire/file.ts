import type { FileVersion } from '../files/file-version.ts';
import { givenDefaultsOf, withoutGivenDefaults } from '../files/given-defaults.ts';
import type { Fields, FileKind } from '../files/kind.ts';
import { kindOf } from '../files/kinds/index.ts';
import { type LinkedFiles, linkKey, linksOf } from '../files/linked-files.ts';
import type { MonitoringEvaluator } from '../files/monitoring.ts';
import { withoutSealedHeaders } from '../files/secrets/mcp-headers.ts';

/** Data of answers about files that is stored elsewhere. */
export interface FileContext {
  readonly linked?: LinkedFiles;
  /** The evaluators that monitor each file, by file id. */
  readonly monitoring?: ReadonlyMap<string, readonly MonitoringEvaluator[]>;
  /** The members that the kind loads on request, by version id. */
  readonly details?: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** A file in one of its versions, as all answers show it. */
export function fileBody(version: FileVersion, context: FileContext = {}): Record<string, unknown> {
  const kind = kindOf(version.type);
  const spec = withoutGivenDefaults(withoutSealedHeaders(kind, version.spec));
  return {
    path: version.path,
    id: version.id,
    type: version.type,
    name: version.name,
    version_id: version.versionId,
    ...specBody(kind, spec),
    ...(kind.model ? { given_defaults: givenDefaultsOf(version.spec) } : {}),
    ...derivedBody(kind, version, spec, context),
    directory_id: version.directoryId,
    created_at: version.createdAt,
    updated_at: later(version.updatedAt, version.versionUpdatedAt),
    last_used_at: version.lastUsedAt ?? later(version.updatedAt, version.versionUpdatedAt),
    created_by: version.createdBy,
    status: version.isDeleted ? 'deleted' : 'committed',
    committed_at: version.versionCreatedAt,
    committed_by: version.versionCreatedBy,
    version_name: version.versionName,
    version_description: version.versionDescription,
    commit_message: version.versionDescription,
    description: version.description,
    tags: version.tags,
    readme: version.readme,
    environments: version.environments,
    ...inputsBody(kind, version),
    ...(kind.log ? usageBody(version, context) : {}),
    ...(kind.text ? { raw_file_content: null } : {}),
    ...context.details?.get(version.versionId),
  };
}

/**
 * All fields that define a version of a kind; null for absent ones.
 *
 * @param spec without secrets.
 */
export function specBody(kind: FileKind, spec: Fields): Record<string, unknown> {
  const absent = Object.keys(kind.spec.properties).map((name) => [name, null]);
  return { ...Object.fromEntries(absent), ...spec };
}

/** The inputs of a run, by name and as a JSON Schema. */
function inputsBody(kind: FileKind, { spec }: FileVersion): Record<string, unknown> {
  const inputs = kind.inputNames(spec);
  return {
    inputs: inputs.map((name) => ({ name })),
    schema: {
      type: 'object',
      properties: Object.fromEntries(inputs.map((name) => [name, {}])),
      required: inputs,
    },
  };
}

function usageBody(version: FileVersion, { monitoring }: FileContext): Record<string, unknown> {
  return {
    version_logs_count: version.versionLogsCount,
    total_logs_count: version.totalLogsCount,
    evaluators: (monitoring?.get(version.id) ?? []).map(monitoringBody),
    evaluator_aggregates: null,
  };
}

function monitoringBody(monitor: MonitoringEvaluator): Record<string, unknown> {
  const file = fileBody(monitor.evaluator);
  return {
    version_reference: monitor.environment
      ? { type: 'environment', file, environment: monitor.environment }
      : { type: 'version', version: file },
    version: monitor.isDeployed ? file : null,
    state: monitor.state,
    sample_rate: monitor.sampleRate,
    created_at: monitor.createdAt,
    updated_at: monitor.updatedAt,
  };
}

/** Members that follow from the spec; some take the place of its fields. */
function derivedBody(
  { derived }: FileKind,
  version: FileVersion,
  spec: Fields,
  { linked = new Map() }: FileContext,
): Fields {
  if (!derived) return {};
  const files = linksOf(version).map((link) => linked.get(linkKey(link)));
  return derived.of(spec, {
    files,
    // Do not follow other links: an agent may link to itself, and the answer would never end.
    bodyOf: (file) => fileBody(file, kindOf(file.type).linksEnd ? { linked } : {}),
  });
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
