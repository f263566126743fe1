import { keptHeader } from '../../contract/kinds/agent.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { FileKind } from '../kind.ts';
import type { McpHeader } from './mcp-header-queries.ts';

type Spec = Readonly<Record<string, unknown>>;

/** A header's value as a stored spec has it: sealed, in base64. Equal values are sealed to equal texts. */
interface SealedHeader {
  readonly sealed: string;
}

/** A tool that is a server, in a stored spec. */
export interface StoredMcpTool {
  readonly type: 'mcp';
  readonly server: {
    readonly url: string;
    readonly headers?: Readonly<Record<string, SealedHeader | string>>;
  };
  readonly allowed_tools?: readonly string[];
  readonly on_agent_call: 'stop' | 'continue';
}

/** @throws `invalid` for a spec with a header that is not sealed: it must not be stored. */
export function requireSealedHeaders(kind: FileKind, spec: Spec): void {
  for (const { server } of mcpToolsOf(kind, spec)) {
    if (Object.values(server.headers ?? {}).some((value) => typeof value === 'string')) {
      throw invalid(['body', 'tools'], 'Headers of servers cannot be given here.');
    }
  }
}

/** A spec as it may be shown: `***` stands for every sealed value. */
export function withoutSealedHeaders(kind: FileKind, spec: Spec): Spec {
  if (mcpToolsOf(kind, spec).length === 0) return spec;
  return {
    ...spec,
    tools: (spec['tools'] as readonly object[]).map((tool) => {
      if (!isMcpTool(tool) || !tool.server.headers) return tool;
      const headers = Object.entries(tool.server.headers).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : keptHeader,
      ]);
      return { ...tool, server: { ...tool.server, headers: Object.fromEntries(headers) } };
    }),
  };
}

/** The tools of a spec that are servers. */
export function mcpToolsOf({ type }: FileKind, spec: Spec): readonly StoredMcpTool[] {
  const { tools } = spec as { readonly tools?: readonly object[] | null };
  return type === 'agent' ? (tools ?? []).filter(isMcpTool) : [];
}

/**
 * The headers of a server, as they are sent.
 *
 * @throws `secret_unreadable` (conflict).
 */
export function openHeaders(
  workspace: Workspace,
  secrets: SecretBox,
  { server: { url, headers = {} } }: StoredMcpTool,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (typeof value === 'string') throw new Error('A header of a server was not sealed.');
      const bytes = Buffer.from(value.sealed, 'base64');
      return [name, secrets.open(bytes, placeOf(workspace, { url, name }))];
    }),
  );
}

/** A value opens for this header of this server alone, whichever spec it stands in. */
export function placeOf({ organizationId }: Workspace, { url, name }: McpHeader): string {
  return `${organizationId}/mcp_header/${name}/${url}`;
}

export function isMcpTool(tool: object): tool is StoredMcpTool {
  return 'type' in tool && tool.type === 'mcp';
}
