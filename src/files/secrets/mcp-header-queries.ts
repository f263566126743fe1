import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { FileTarget } from '../file-queries.ts';

/** A header of an MCP server that a version has as a tool. */
export interface McpHeader {
  readonly url: string;
  /** In lower case. */
  readonly name: string;
}

/**
 * The encrypted value of a header in the newest version of a file that has it; undefined if none
 * has.
 */
export async function findSealedHeader(
  workspace: Workspace,
  { by, value }: FileTarget,
  { url, name }: McpHeader,
): Promise<string | undefined> {
  const variables = JSON.stringify({ url, name });
  const sealed = sql<string | null>`jsonb_path_query_first(v.spec::jsonb,
    '$.tools[*] ? (@.type == "mcp" && @.server.url == $url).server.headers.keyvalue()
      ? (@.key == $name).value.sealed', ${variables}::jsonb) #>> '{}'`;
  const row = await workspace.db
    .selectFrom('version as v')
    .innerJoin('file as f', (join) =>
      join.onRef('f.organization_id', '=', 'v.organization_id').onRef('f.id', '=', 'v.file_id'),
    )
    .select(sealed.as('sealed'))
    .where('v.organization_id', '=', workspace.organizationId)
    .where(`f.${by}`, '=', value)
    .where('f.deleted_at', 'is', null)
    .where('v.deleted_at', 'is', null)
    .where(sealed, 'is not', null)
    .orderBy('v.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.sealed ?? undefined;
}
