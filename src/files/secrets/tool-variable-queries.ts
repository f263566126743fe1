import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';

/** A variable as it is stored. */
export interface StoredVariable {
  readonly id: string;
  readonly name: string;
  readonly sealedValue: Buffer;
}

/** The variables of a tool, by name. */
export async function listVariables(
  workspace: Workspace,
  fileId: string,
): Promise<readonly StoredVariable[]> {
  return workspace.db
    .selectFrom('tool_variable')
    .select(['id', 'name', 'sealed_value as sealedValue'])
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', fileId)
    .orderBy('name')
    .execute();
}

/** Stores variables. A variable whose name exists keeps its id and gets the new value. */
export async function putVariables(
  workspace: Workspace,
  fileId: string,
  variables: readonly StoredVariable[],
): Promise<void> {
  if (variables.length === 0) return;
  await workspace.db
    .insertInto('tool_variable')
    .values(
      variables.map(({ id, name, sealedValue }) => ({
        organization_id: workspace.organizationId,
        id,
        file_id: fileId,
        name,
        sealed_value: sealedValue,
      })),
    )
    .onConflict((conflict) =>
      conflict.constraint('tool_variable_key').doUpdateSet(({ ref }) => ({
        sealed_value: ref('excluded.sealed_value'),
        updated_at: sql<string>`now()`,
      })),
    )
    .execute();
}

/** Deletes a variable of a tool; false if it has none of this name. */
export async function deleteVariable(
  workspace: Workspace,
  fileId: string,
  name: string,
): Promise<boolean> {
  const { numDeletedRows } = await workspace.db
    .deleteFrom('tool_variable')
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', fileId)
    .where('name', '=', name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Deletes all variables of a file, which only tools have. */
export async function deleteVariables(workspace: Workspace, fileId: string): Promise<void> {
  await workspace.db
    .deleteFrom('tool_variable')
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', fileId)
    .execute();
}
