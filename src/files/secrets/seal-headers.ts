import { keptHeader } from '../../contract/kinds/agent.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { FileKind } from '../kind.ts';
import { type FileLocator, locatorOf } from '../upsert-version.ts';
import { findSealedHeader } from './mcp-header-queries.ts';
import { isMcpTool, mcpToolsOf, placeOf } from './mcp-headers.ts';

type Spec = Readonly<Record<string, unknown>>;

/**
 * A spec as it may be stored: the values of headers of its servers are sealed. A value of `***` is
 * the one that the newest version of the file has for the same header of the same server.
 *
 * @param spec of a request, checked against its schema.
 * @throws `invalid` when there is no such value; what `canonicalSpec` throws.
 */
export async function withSealedHeaders(
  workspace: Workspace,
  secrets: SecretBox,
  kind: FileKind,
  locator: FileLocator,
  spec: Spec,
): Promise<Spec> {
  if (!mcpToolsOf(kind, spec).some(({ server }) => server.headers)) return spec;
  const { tools } = kind.canonicalSpec(spec) as { readonly tools: readonly object[] };
  const sealed = tools.map(async (tool, index) => {
    if (!isMcpTool(tool)) return tool;
    const { url, headers = {} } = tool.server;
    const entries = Object.entries(headers).map(async ([name, value]) => {
      const header = { url, name };
      if (value !== keptHeader) {
        const bytes = secrets.sealComparably(String(value), placeOf(workspace, header));
        return [name, { sealed: bytes.toString('base64') }];
      }
      const kept = await findSealedHeader(workspace, locatorOf(locator), header);
      if (kept !== undefined) return [name, { sealed: kept }];
      throw invalid(
        ['body', 'tools', index, 'server', 'headers', name],
        'No version of this file has a value for this header of this server. Give its value.',
      );
    });
    const sealedHeaders = Object.fromEntries(await Promise.all(entries));
    return { ...tool, server: { url, ...(entries.length > 0 ? { headers: sealedHeaders } : {}) } };
  });
  return { ...spec, tools: await Promise.all(sealed) };
}
