import type { FileResponse } from '../../api/types.ts';
import type { ToolEntry } from './tool-entries.ts';

export type OnCall = 'continue' | 'stop';

/** What a call of a tool may do, in words. */
export function onCallChoices(
  entry: ToolEntry,
  file: FileResponse | undefined,
): readonly { readonly value: OnCall; readonly name: string }[] {
  return [
    { value: 'continue', name: continues(entry, file) },
    { value: 'stop', name: 'Stop' },
  ];
}

function continues(entry: ToolEntry, file: FileResponse | undefined): string {
  switch (entry.type) {
    case 'inline':
      return 'Wait for the client';
    case 'file':
      return file?.type === 'tool' && file.tool_type !== 'python'
        ? 'Wait for the client'
        : 'Run it here';
    case 'mcp':
      return 'Run it on its server';
  }
}

/** What a choice means, in a sentence. */
export const onCallHints: Readonly<Record<string, string>> = {
  'Wait for the client': 'The run waits until your code, or somebody in a log, gives the result.',
  'Run it here': 'This server runs it, and the agent goes on with its result.',
  'Run it on its server':
    'The server that offers it runs it, and the agent goes on with its result.',
  Stop: 'The run ends when the model calls it. Its argument “output” is the answer.',
};
