import {
  type AgentTool,
  agentLogRequest,
  agentLogUpdate,
  agentSpec,
} from '../../contract/kinds/agent.ts';
import { invalid } from '../../kernel/errors.ts';
import { defineFileKind, type FileLink, type HeaderPlace, type ShownLinks } from '../kind.ts';
import { canonicalTool, requireDistinctServers } from './agent-tools.ts';
import {
  canonicalModelSpec,
  modelInputNames,
  modelProviderPlaces,
  modelTakes,
  requireDistinctNames,
} from './model-spec.ts';

export const agentKind = defineFileKind({
  type: 'agent',
  collection: 'agents',
  idPrefix: 'ag',
  versionIdPrefix: 'agv',
  spec: agentSpec,
  canonicalSpec(spec) {
    const tools = spec.tools ?? [];
    requireDistinctNames(
      tools.flatMap((tool, index) =>
        tool.type === 'inline'
          ? [{ name: tool.json_schema.name, loc: ['tools', index, 'json_schema', 'name'] }]
          : [],
      ),
    );
    requireDistinctServers(tools);
    return { ...canonicalModelSpec(spec), tools: tools.map(canonicalTool) };
  },
  inputNames: modelInputNames,
  model: (spec) => spec,
  providers: (spec) => modelProviderPlaces(spec),
  links: (spec) => (spec.tools ?? []).flatMap(toolLinks),
  takesAsTool: modelTakes,
  headers: ({ tools }) => (tools ?? []).flatMap(toolHeaders),
  derived: {
    properties: {},
    of: ({ tools }, linked) => ({ tools: withFiles(tools ?? [], linked) }),
  },
  log: {
    request: agentLogRequest,
    update: agentLogUpdate,
    inline: 'agent',
    turns: 'conversation',
    beginsTrace: true,
  },
  text: { toApiTool },
});

/** A file may contain just the function, with the other fields of an inline tool among its own. */
function toApiTool(tool: unknown): unknown {
  if (typeof tool !== 'object' || tool === null || !('name' in tool) || 'type' in tool) return tool;
  const { on_agent_call, result_schema, ...json_schema } = tool as Record<string, unknown>;
  return { type: 'inline', json_schema, result_schema, on_agent_call };
}

/** The tools, each linked file beside its link. */
function withFiles(tools: readonly AgentTool[], { files, bodyOf }: ShownLinks): readonly object[] {
  const next = files.values();
  return tools.map((tool) => {
    const file = tool.type === 'file' ? next.next().value : undefined;
    return file ? { ...tool, file: bodyOf(file) } : tool;
  });
}

function toolHeaders(tool: AgentTool, index: number): HeaderPlace[] {
  if (tool.type !== 'mcp') return [];
  const { url, headers } = tool.server;
  const loc = ['tools', index, 'server', 'headers'];
  return Object.entries(headers ?? {}).map(([name, value]) => ({
    url,
    name,
    value,
    loc: [...loc, name],
  }));
}

function toolLinks(tool: AgentTool, index: number): FileLink[] {
  if (tool.type !== 'file') return [];
  const { file_id: fileId, version_id: versionId, environment_id: environmentId } = tool.link;
  const loc = ['tools', index, 'link'];
  if (versionId && environmentId) {
    throw invalid(['body', ...loc], 'Give `version_id` or `environment_id`, not both.');
  }
  return [
    { fileId, versionId: versionId ?? undefined, environmentId: environmentId ?? undefined, loc },
  ];
}
