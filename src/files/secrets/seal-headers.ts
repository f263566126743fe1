import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { keptHeader } from '../../kernel/request-headers.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { Fields, FileKind } from '../kind.ts';
import { withMembers } from '../spec-members.ts';
import { type FileLocator, fileTarget } from '../upsert-version.ts';
import { findSealedHeader } from './mcp-header-queries.ts';
import { headerPlace } from './mcp-headers.ts';

/**
 * Makes a spec ready to be stored. A spec with headers of MCP servers becomes its canonical form,
 * with the values encrypted. The value `***` stands for the value in the newest version of the file
 * that has this header of this server.
 *
 * @param spec of a request, checked against its schema.
 * @throws `invalid` if no version has a value for `***`; what `canonicalSpec` throws.
 */
export async function withSealedHeaders(
  workspace: Workspace,
  secrets: SecretBox,
  kind: FileKind,
  locator: FileLocator,
  spec: Fields,
): Promise<Fields> {
  if (!kind.headers?.(spec).length) return spec;
  const canonical = kind.canonicalSpec(spec);
  const sealed = kind.headers(canonical).map(async ({ loc, value, ...header }) => {
    if (value !== keptHeader) {
      const bytes = secrets.sealComparably(String(value), headerPlace(workspace, header));
      return { loc, value: { sealed: bytes.toString('base64') } };
    }
    const kept = await findSealedHeader(workspace, fileTarget(locator), header);
    if (kept !== undefined) return { loc, value: { sealed: kept } };
    throw invalid(
      ['body', ...loc],
      'No earlier version of this file has a value for this header of this server. Send the value itself.',
    );
  });
  const whole = withMembers(canonical, await Promise.all(sealed));
  // Leave out what the canonical form fills in: it is not the same as what a request writes out.
  return Object.fromEntries(Object.entries(whole).filter(([name]) => spec[name] != null));
}
