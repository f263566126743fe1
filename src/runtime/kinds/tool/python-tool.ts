import type { Workspace } from '../../../database/workspace.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { listToolVariables } from '../../../files/secrets/tool-variables.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { PythonResult } from '../../../tools/python/python-call.ts';
import type { RuntimeParts } from '../runtime-parts.ts';

/** Whether a version is a tool that the server can run: a Python tool with source code. */
export function isPythonTool({ spec }: FileVersion<'tool'>): boolean {
  return spec.tool_type === 'python' && Boolean(spec.source_code);
}

/**
 * Runs a Python tool in the sandbox, with the current variables of the tool.
 *
 * @throws what `PythonPool.run` and `listToolVariables` throw.
 */
export async function callPythonTool(
  {
    workspace,
    parts,
    signal,
  }: {
    readonly workspace: Workspace;
    readonly parts: RuntimeParts;
    readonly signal: AbortSignal;
  },
  version: FileVersion<'tool'>,
  inputs: Readonly<Record<string, unknown>>,
): Promise<PythonResult> {
  const variables = await listToolVariables(workspace, parts.secrets, version.id);
  const call = {
    source: version.spec.source_code ?? '',
    inputs,
    environment: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  };
  const owner = { organizationId: workspace.organizationId, codeId: version.versionId };
  return parts.python.run(owner, call, signal);
}

/**
 * Whether an error means that the tool was not run: there was no sandbox, no free place in it, or a
 * variable could not be decrypted.
 */
export function wasNotRun(error: unknown): error is PlatformError {
  return error instanceof PlatformError && notRunCodes.includes(error.code);
}

const notRunCodes: readonly string[] = ['python_unavailable', 'python_busy', 'secret_unreadable'];
