import type { FileVersion } from '../../files/file-version.ts';
import type { FileKind } from '../../files/kind.ts';
import { kindOf } from '../../files/kinds/index.ts';
import { describedFunction } from '../../files/kinds/tool.ts';
import { type LinkedFiles, linkKey, linksOf } from '../../files/linked-files.ts';
import type { MonitoringEvaluator } from '../../files/monitoring.ts';
import { withoutSealedHeaders } from '../../files/secrets/mcp-headers.ts';

/** What an answer about files shows that is stored elsewhere. */
export interface FileContext {
  readonly linked?: LinkedFiles;
  /** The evaluators that watch each file, by the file's id. */
  readonly monitoring?: ReadonlyMap<string, readonly MonitoringEvaluator[]>;
  /** What the kind loads on request, by the version's id. */
  readonly details?: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** A file in one of its versions, as every answer shows it. */
export function fileBody(version: FileVersion, context: FileContext = {}): Record<string, unknown> {
  const kind = kindOf(version.type);
  return {
    path: version.path,
    id: version.id,
    type: version.type,
    name: version.name,
    version_id: version.versionId,
    ...specBody(kind, version.spec),
    ...kind.derived?.of(version.spec),
    ...linkedBody(version, context),
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

/** Every field that defines a version of a kind: null where the spec has none. */
export function specBody(
  kind: FileKind,
  spec: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const absent = Object.keys(kind.spec.properties).map((name) => [name, null]);
  return { ...Object.fromEntries(absent), ...withoutSealedHeaders(kind, spec) };
}

/** What a run of it is given, by name and as a JSON Schema. */
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
    created_at: monitor.createdAt,
    updated_at: monitor.updatedAt,
  };
}

/** The files that a version links to: beside the link of an agent, in place of a prompt's. */
function linkedBody(version: FileVersion, context: FileContext): Record<string, unknown> {
  const { linked = new Map() } = context;
  const files = linksOf(version).map((link) => linked.get(linkKey(link)));
  if (version.type === 'prompt') return { linked_tools: files.flatMap(linkedToolBody) };
  const { tools } = withoutSealedHeaders(kindOf(version.type), version.spec);
  if (!Array.isArray(tools) || files.length === 0) return {};
  const next = files.values();
  return {
    tools: tools.map((tool: { readonly type: string }) => {
      const file = tool.type === 'file' ? next.next().value : undefined;
      // An agent that links to itself, by whichever way around, would have no end.
      const below = file?.type === 'prompt' ? { linked } : {};
      return file ? { ...tool, file: fileBody(file, below) } : tool;
    }),
  };
}

/** A tool as a prompt shows it: by its function or, where it describes none, as a file. */
function linkedToolBody(tool: FileVersion | undefined): Record<string, unknown>[] {
  if (!tool) return [];
  const named = { name: tool.name, description: tool.description ?? '' };
  return [{ ...(describedFunction(tool) ?? named), id: tool.id, version_id: tool.versionId }];
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
