import type { ToolSpec } from '../../contract/kinds/tool.ts';
import { toolKind } from '../../files/kinds/tool.ts';
import { invalid } from '../../kernel/errors.ts';
import type { RunnableKind } from './runtime-parts.ts';
import { isPythonTool } from './tool/python-tool.ts';
import { runTool } from './tool/run-tool.ts';

/** Tools as what can be called: those of Python. They call no models. */
export const runnableTool: RunnableKind = {
  kind: toolKind,
  events: { opening: undefined, summary: (log) => [{ type: 'tool_call_end', log }] },
  waitsForKeys: false,
  check(_parts, { version }) {
    if (isPythonTool(version)) return;
    const { tool_type: toolType } = version.spec as ToolSpec;
    const reason =
      toolType === 'python' ? 'this one has no source code' : `this one is \`${toolType}\``;
    throw invalid(
      ['body'],
      `Only tools with \`tool_type\` \`python\` and \`source_code\` can be called; ${reason}.`,
    );
  },
  tools: async () => ({ byName: new Map(), notes: [], snippets: undefined }),
  missingKeys: async () => [],
  steps: runTool,
};
