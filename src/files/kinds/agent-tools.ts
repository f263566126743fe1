import type { AgentTool, McpAgentTool } from '../../contract/kinds/agent.ts';
import { invalid } from '../../kernel/errors.ts';
import { canonicalHeaders } from '../../kernel/request-headers.ts';
import { readWebUrl } from '../../kernel/web-url.ts';
import { presentFields } from '../present-fields.ts';

/** The canonical form of an agent's tool. @param index of the tool, for the place of a fault. */
export function canonicalTool(tool: AgentTool, index: number): Record<string, unknown> {
  const onAgentCall = tool.on_agent_call ?? 'continue';
  if (tool.type === 'inline') {
    return {
      type: 'inline',
      json_schema: presentFields(tool.json_schema),
      ...(tool.result_schema ? { result_schema: tool.result_schema } : {}),
      on_agent_call: onAgentCall,
    };
  }
  if (tool.type === 'file') {
    return { type: 'file', link: presentFields(tool.link), on_agent_call: onAgentCall };
  }
  const allowed = tool.allowed_tools;
  return {
    type: 'mcp',
    server: canonicalServer(tool.server, ['tools', index, 'server']),
    ...(allowed ? { allowed_tools: [...new Set(allowed)] } : {}),
    on_agent_call: onAgentCall,
  };
}

/**
 * @throws `invalid` if two tools are the same server: a kept header (`***`) could belong to either.
 */
export function requireDistinctServers(tools: readonly AgentTool[]): void {
  const seen = new Set<string>();
  tools.forEach((tool, index) => {
    if (tool.type !== 'mcp') return;
    const url = String(readWebUrl(tool.server.url));
    if (seen.has(url)) {
      const loc = ['body', 'tools', index, 'server', 'url'];
      throw invalid(loc, 'Another tool of the agent already uses this server.');
    }
    seen.add(url);
  });
}

type Loc = readonly (string | number)[];

function canonicalServer({ url: text, headers }: McpAgentTool['server'], loc: Loc) {
  const url = readWebUrl(text);
  if (typeof url === 'string') throw invalid(['body', ...loc, 'url'], url);
  if (Object.keys(headers ?? {}).length === 0) return { url: url.href };
  return { url: url.href, headers: canonicalHeaders(headers ?? {}, ['body', ...loc, 'headers']) };
}
