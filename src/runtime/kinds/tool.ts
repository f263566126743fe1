import type { FileVersion } from '../../files/file-version.ts';
import { toolKind } from '../../files/kinds/tool.ts';
import { invalid } from '../../kernel/errors.ts';
import { defineRunnable } from '../runs/run.ts';
import type { RuntimeParts } from './runtime-parts.ts';
import { isPythonTool } from './tool/python-tool.ts';
import { runTool } from './tool/run-tool.ts';

/** How tools are run: those of Python, which call no models. */
export const runnableTool = defineRunnable<RuntimeParts, 'tool'>({
  kind: toolKind,
  events: { opening: undefined, summary: (log) => [{ type: 'tool_call_end', log }] },
  waitsForKeys: false,
  check: (_parts, { version }) => requirePythonTool(version),
  checkVersion: (_parts, _workspace, version) => requirePythonTool(version),
  tools: async () => ({ byName: new Map(), notes: [], snippets: undefined }),
  missingKeys: async () => [],
  steps: runTool,
});

function requirePythonTool(version: FileVersion<'tool'>): void {
  if (isPythonTool(version)) return;
  const { tool_type: toolType } = version.spec;
  const reason =
    toolType === 'python' ? 'this one has no source code' : `this one is \`${toolType}\``;
  throw invalid(
    ['body'],
    `Only tools with \`tool_type\` \`python\` and \`source_code\` can be called; ${reason}.`,
  );
}
