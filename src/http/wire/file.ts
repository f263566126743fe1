import type { FileVersion } from '../../files/file-queries.ts';
import type { FileKind } from '../../files/kind.ts';
import { kindOf } from '../../files/kinds/index.ts';
import type { Link, LinkedFiles } from '../../files/linked-files.ts';

/** A file in one of its versions, as every answer shows it. */
export function fileBody(version: FileVersion, linked?: LinkedFiles): Record<string, unknown> {
  const kind = kindOf(version.type);
  const inputs = kind.inputNames(version.spec);
  return {
    path: version.path,
    id: version.id,
    type: version.type,
    name: version.name,
    version_id: version.versionId,
    ...specBody(kind, version.spec),
    ...toolsOf(version, linked),
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
    description: version.description,
    tags: version.tags,
    readme: version.readme,
    environments: version.environments,
    version_logs_count: version.versionLogsCount,
    total_logs_count: version.totalLogsCount,
    inputs: inputs.map((name) => ({ name })),
    schema: {
      type: 'object',
      properties: Object.fromEntries(inputs.map((name) => [name, {}])),
      required: inputs,
    },
    evaluators: [],
    evaluator_aggregates: null,
    raw_file_content: null,
  };
}

/** Every field that defines a version of a kind: null where the spec has none. */
export function specBody(
  kind: FileKind,
  spec: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const absent = Object.keys(kind.spec.properties).map((name) => [name, null]);
  return { ...Object.fromEntries(absent), ...spec };
}

/** A tool that is a link, with the file that it names. */
function toolsOf(version: FileVersion, linked?: LinkedFiles): Record<string, unknown> {
  const tools = version.spec['tools'];
  if (!linked || !Array.isArray(tools)) return {};
  return {
    tools: tools.map((tool: { type?: string; link?: Link }) => {
      const file = tool.link && linked.get(tool.link);
      return file ? { ...tool, file: fileBody(file) } : tool;
    }),
  };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
