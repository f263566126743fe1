import { Plus } from 'lucide-react';
import { lazy, Suspense, useId, useState } from 'react';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useForm } from '../form/form-context.ts';
import { entriesOf, newInlineTool, type ToolEntry, withEntries } from './tool-entries.ts';
import { ToolRow } from './tool-row.tsx';

// Loaded when they are first opened.
const FilePicker = lazy(async () => ({
  default: (await import('../../files/file-picker.tsx')).FilePicker,
}));
const PythonToolDialog = lazy(async () => ({
  default: (await import('./python-tool-dialog.tsx')).PythonToolDialog,
}));

/** The tools that the model may call, each with what happens on a call. */
export function ToolList({ directory }: { readonly directory: string }) {
  const { spec, change, faultAt } = useForm();
  const mayWrite = useMay('write');
  const [dialog, setDialog] = useState<'file' | 'python'>();
  const [opened, setOpened] = useState<number>();
  const id = useId();
  const entries = entriesOf(spec);
  const keep = (next: readonly ToolEntry[]) => change(withEntries(spec, next));
  const add = (entry: ToolEntry, opens: boolean) => {
    const next = [...entries, entry];
    keep(next);
    // Linked tools of a prompt come last, so the place of another is the end of its own kind.
    if (opens)
      setOpened(entriesOf(withEntries(spec, next)).findIndex((one) => sameTool(one, entry)));
  };
  const fault = entries.length === 0 ? (faultAt('tools') ?? faultAt('linked_tools')) : undefined;
  return (
    <div role="group" aria-labelledby={id} className="grid gap-2">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h2 id={id} className="font-medium">
          Tools
        </h2>
        <Menu
          trigger={
            <Button size="small" look="ghost">
              <Plus aria-hidden className="size-3.5" />
              Tool
            </Button>
          }
          entries={() => [
            {
              type: 'action',
              name: 'Function of your own',
              run: () => add(newInlineTool(entries), true),
            },
            { type: 'action', name: 'File from here', run: () => setDialog('file') },
            ...(mayWrite
              ? [
                  {
                    type: 'action' as const,
                    name: 'New Python tool',
                    run: () => setDialog('python'),
                  },
                ]
              : []),
            ...(spec.kind === 'agent'
              ? [
                  {
                    type: 'action' as const,
                    name: 'MCP server',
                    run: () => add({ type: 'mcp', server: { url: 'https://' } }, true),
                  },
                ]
              : []),
          ]}
        />
      </div>
      {entries.length === 0 && <p className="text-fg-3">The model has no tools.</p>}
      {fault && <p className="text-xs text-err">{fault}</p>}
      {entries.length > 0 && (
        <ul className="grid divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
          {entries.map((_entry, index) => (
            <ToolRow
              // biome-ignore lint/suspicious/noArrayIndexKey: tools have no other name than their place
              key={index}
              entries={entries}
              index={index}
              isOpen={opened === index}
              onOpen={(isOpen) => setOpened(isOpen ? index : undefined)}
              onChange={(next) => keep(entries.with(index, next))}
              onRemove={() => {
                setOpened(undefined);
                keep(entries.toSpliced(index, 1));
              }}
            />
          ))}
        </ul>
      )}
      <Suspense>
        {dialog === 'file' && (
          <FilePicker
            title="Link a file as a tool"
            kinds={spec.kind === 'agent' ? ['tool', 'prompt', 'agent'] : ['tool']}
            onClose={() => setDialog(undefined)}
            onPick={(file) => {
              setDialog(undefined);
              add({ type: 'file', link: { file_id: file.id } }, false);
            }}
          />
        )}
        {dialog === 'python' && (
          <PythonToolDialog
            directory={directory}
            onClose={() => setDialog(undefined)}
            onMade={(file) => add({ type: 'file', link: { file_id: file.id } }, false)}
          />
        )}
      </Suspense>
    </div>
  );
}

function sameTool(a: ToolEntry, b: ToolEntry): boolean {
  return a === b || (a.type === 'inline' && b.type === 'inline' && a.json_schema === b.json_schema);
}
