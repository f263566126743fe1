import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { keptHeader } from '../../kernel/request-headers.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { Fields, FileKind } from '../kind.ts';
import { withMembers } from '../spec-members.ts';
import type { McpHeader } from './mcp-header-queries.ts';

/** An encrypted header in a stored spec, in base64. Equal values give equal texts. */
interface SealedHeader {
  readonly sealed: string;
}

/** A tool of a stored spec that is an MCP server. */
export interface StoredMcpTool {
  readonly type: 'mcp';
  readonly server: {
    readonly url: string;
    readonly headers?: Readonly<Record<string, SealedHeader | string>>;
  };
  readonly allowed_tools?: readonly string[];
  readonly on_agent_call: 'stop' | 'continue';
}

/** @throws `invalid` for a spec with a plain header, which must not be stored. */
export function requireSealedHeaders(kind: FileKind, spec: Fields): void {
  if (kind.headers?.(spec).some(({ value }) => typeof value === 'string')) {
    throw invalid(['body', 'tools'], 'Headers of servers cannot be given here.');
  }
}

/** A spec as it may be shown, with `***` in place of every encrypted value. */
export function withoutSealedHeaders(kind: FileKind, spec: Fields): Fields {
  const sealed = kind.headers?.(spec).filter(({ value }) => typeof value !== 'string') ?? [];
  if (sealed.length === 0) return spec;
  return withMembers(
    spec,
    sealed.map(({ loc }) => ({ loc, value: keptHeader })),
  );
}

/** The tools of a spec that are MCP servers; empty for kinds that cannot have any. */
export function listMcpTools({ headers }: FileKind, spec: Fields): readonly StoredMcpTool[] {
  const { tools } = spec as { readonly tools?: readonly object[] | null };
  return headers ? (tools ?? []).filter(isMcpTool) : [];
}

/**
 * The headers of a server, decrypted for a request.
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
      return [name, secrets.open(bytes, headerPlace(workspace, { url, name }))];
    }),
  );
}

/**
 * What an encrypted value is bound to: it decrypts only for this header of this server, in any
 * spec.
 */
export function headerPlace({ organizationId }: Workspace, { url, name }: McpHeader): string {
  return `${organizationId}/mcp_header/${name}/${url}`;
}

function isMcpTool(tool: object): tool is StoredMcpTool {
  return 'type' in tool && tool.type === 'mcp';
}
