import { mostToolVariables, type ToolVariable } from '../../contract/tool-variables.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isSecretUnreadable, type SecretBox } from '../../kernel/secret-box.ts';
import { tooManyVariables, variableNotFound } from '../errors.ts';
import { toolKind } from '../kinds/tool.ts';
import { requireFile } from '../resolve-version.ts';
import { lockFile } from '../version-queries.ts';
import {
  deleteVariable,
  listVariables,
  putVariables,
  type StoredVariable,
} from './tool-variable-queries.ts';

/**
 * The variables of a tool with their values, by name. They belong to the file, so all versions have
 * the same.
 *
 * @throws `file_not_found` (not_found); `secret_unreadable` (conflict).
 */
export async function listToolVariables(
  workspace: Workspace,
  secrets: SecretBox,
  toolId: string,
): Promise<readonly ToolVariable[]> {
  await requireFile(workspace, toolKind, toolId);
  const rows = await listVariables(workspace, toolId);
  return rows.map((row) => ({ name: row.name, value: opened(workspace, secrets, row) }));
}

/**
 * Like {@link listToolVariables}, for an answer: `***` replaces a value that cannot be decrypted.
 */
export async function showToolVariables(
  workspace: Workspace,
  secrets: SecretBox,
  toolId: string,
): Promise<readonly ToolVariable[]> {
  await requireFile(workspace, toolKind, toolId);
  return shown(workspace, secrets, await listVariables(workspace, toolId));
}

/**
 * Sets variables of a tool. Other variables stay.
 *
 * @returns all variables of the tool, as `showToolVariables` does.
 * @throws `file_not_found` (not_found); `too_many_variables` (conflict); `invalid` for a name that
 *   occurs twice.
 */
export async function setToolVariables(
  workspace: Workspace,
  secrets: SecretBox,
  toolId: string,
  variables: readonly ToolVariable[],
): Promise<readonly ToolVariable[]> {
  requireDistinctNames(variables);
  const stored = await changed(workspace, toolId, async (workspace) => {
    const before = new Map((await listVariables(workspace, toolId)).map((row) => [row.name, row]));
    const names = new Set([...before.keys(), ...variables.map(({ name }) => name)]);
    if (names.size > mostToolVariables) throw tooManyVariables(mostToolVariables);
    const rows = variables.map(({ name, value }) => {
      const id = before.get(name)?.id ?? newId('var');
      return { id, name, sealedValue: secrets.seal(value, variablePlace(workspace, id)) };
    });
    await putVariables(workspace, toolId, rows);
  });
  return shown(workspace, secrets, stored);
}

/**
 * Removes a variable from a tool.
 *
 * @returns the remaining variables.
 * @throws `file_not_found`, `variable_not_found` (both not_found).
 */
export async function removeToolVariable(
  workspace: Workspace,
  secrets: SecretBox,
  toolId: string,
  name: string,
): Promise<readonly ToolVariable[]> {
  const stored = await changed(workspace, toolId, async (workspace) => {
    if (!(await deleteVariable(workspace, toolId, name))) throw variableNotFound(name);
  });
  return shown(workspace, secrets, stored);
}

/** Changes the variables of a tool, one change at a time, and returns all of them. */
async function changed(
  workspace: Workspace,
  toolId: string,
  change: (workspace: Workspace) => Promise<void>,
): Promise<readonly StoredVariable[]> {
  return inTransaction(workspace, async (workspace) => {
    await lockFile(workspace, toolId);
    await requireFile(workspace, toolKind, toolId);
    await change(workspace);
    return listVariables(workspace, toolId);
  });
}

function shown(
  workspace: Workspace,
  secrets: SecretBox,
  rows: readonly StoredVariable[],
): readonly ToolVariable[] {
  return rows.map((row) => {
    try {
      return { name: row.name, value: opened(workspace, secrets, row) };
    } catch (error) {
      if (!isSecretUnreadable(error)) throw error;
      return { name: row.name, value: '***' };
    }
  });
}

function opened(
  workspace: Workspace,
  secrets: SecretBox,
  { id, sealedValue }: StoredVariable,
): string {
  return secrets.open(sealedValue, variablePlace(workspace, id));
}

function variablePlace({ organizationId }: Workspace, id: string): string {
  return `${organizationId}/tool_variable/${id}`;
}

function requireDistinctNames(variables: readonly ToolVariable[]): void {
  const seen = new Set<string>();
  variables.forEach(({ name }, index) => {
    if (seen.has(name)) {
      throw invalid(['body', index, 'name'], `There are two variables named \`${name}\`.`);
    }
    seen.add(name);
  });
}
