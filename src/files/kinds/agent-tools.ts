import { type AgentTool, keptHeader, type McpAgentTool } from '../../contract/kinds/agent.ts';
import { invalid } from '../../kernel/errors.ts';
import { readWebUrl } from '../../kernel/web-url.ts';
import { presentFields } from '../present-fields.ts';

/** The canonical form of an agent's tool. @param index of the tool, for the place of a fault. */
export function canonicalTool(tool: AgentTool, index: number): Record<string, unknown> {
  const onAgentCall = tool.on_agent_call ?? 'continue';
  if (tool.type === 'inline') {
    return {
      type: 'inline',
      json_schema: presentFields(tool.json_schema),
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
  const given = Object.entries(headers ?? {});
  if (given.length === 0) return { url: url.href };
  return { url: url.href, headers: canonicalHeaders(given, ['body', ...loc, 'headers']) };
}

const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]{1,200}$/;
const headerValue = /^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/;

/** Headers that MCP, HTTP or the connection sets. */
const reservedHeaders = [
  'accept',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Makes the names of headers lower-case. A value is text, or is encrypted already. */
function canonicalHeaders(given: readonly (readonly [string, unknown])[], loc: Loc) {
  const headers: Record<string, unknown> = {};
  for (const [named, value] of given) {
    const name = named.toLowerCase();
    const refuse = (msg: string) => invalid([...loc, named], msg);
    if (!headerName.test(name)) throw refuse('This is not a valid header name.');
    if (reservedHeaders.includes(name))
      throw refuse('This header is reserved: Loopwright sets it itself.');
    if (Object.hasOwn(headers, name)) throw refuse('This header is given twice.');
    if (typeof value === 'string' && value !== keptHeader && !headerValue.test(value)) {
      throw refuse(
        'A header value must have only ASCII characters, without spaces at its beginning or end.',
      );
    }
    headers[name] = value;
  }
  return headers;
}
