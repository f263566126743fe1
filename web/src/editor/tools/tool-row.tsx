import { useQuery } from '@tanstack/react-query';
import { Plug, X } from 'lucide-react';
import { useId } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { fileQuery } from '../../files/file-queries.ts';
import { KindIcon } from '../../files/kind-icon.tsx';
import { goToUnread } from '../../forms/unread.ts';
import { cx } from '../../ui/cx.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select } from '../../ui/select.tsx';
import { Twist } from '../../ui/twist.tsx';
import { useForm } from '../form/form-context.ts';
import { InlineToolFields } from './inline-tool-fields.tsx';
import { LinkedToolFields } from './linked-tool-fields.tsx';
import { McpToolFields } from './mcp-tool-fields.tsx';
import { onCallChoices, onCallHints } from './on-call.ts';
import { placeOf, type ToolEntry } from './tool-entries.ts';

/** A tool in a line: what it is, and what happens when the model calls it. Opened, it can be changed. */
export function ToolRow({
  entries,
  index,
  isOpen,
  onOpen,
  onChange,
  onRemove,
}: {
  readonly entries: readonly ToolEntry[];
  readonly index: number;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onChange: (entry: ToolEntry) => void;
  readonly onRemove: () => void;
}) {
  const { spec, faultAt } = useForm();
  const entry = entries[index] as ToolEntry;
  const fileId = entry.type === 'file' ? entry.link.file_id : '';
  const { data: file } = useQuery({ ...fileQuery(fileId), enabled: fileId !== '' });
  const place = placeOf(spec, entries, index);
  const fault = faultAt(place);
  const name = nameOf(entry, file);
  const detailsId = useId();
  return (
    <li className={cx('min-w-0', fault && 'bg-err-soft')}>
      <div className="flex min-h-9 flex-wrap items-center gap-x-2 py-0.5 pr-1 coarse:min-h-11">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={detailsId}
          onClick={({ currentTarget }) =>
            goToUnread(currentTarget.closest('ul') ?? document) || onOpen(!isOpen)
          }
          className="flex min-h-8 min-w-0 flex-1 items-center gap-2 pl-2 text-left -outline-offset-2 coarse:min-h-11"
        >
          <Twist isOpen={isOpen} />
          <ToolIcon file={file} entry={entry} />
          <span className="truncate font-mono text-xs">{name}</span>
          <span className="shrink-0 text-2xs text-fg-3">{whatItIs(entry, file)}</span>
        </button>
        {spec.kind === 'agent' && (
          <OnCall entry={entry} file={file} name={name} onChange={onChange} />
        )}
        <IconButton label={`Remove ${name}`} onClick={onRemove}>
          <X className="size-3.5" />
        </IconButton>
      </div>
      {fault && !isOpen && <p className="px-3 pb-1.5 text-xs text-err">{fault}</p>}
      <div id={detailsId} hidden={!isOpen} className="grid gap-3 border-t border-line p-3">
        {isOpen && entry.type === 'inline' && (
          <InlineToolFields tool={entry} place={place} onChange={onChange} />
        )}
        {isOpen && entry.type === 'file' && (
          <LinkedToolFields tool={entry} file={file} place={place} onChange={onChange} />
        )}
        {isOpen && entry.type === 'mcp' && (
          <McpToolFields tool={entry} place={place} onChange={onChange} />
        )}
      </div>
    </li>
  );
}

function OnCall({
  entry,
  file,
  name,
  onChange,
}: {
  readonly entry: ToolEntry;
  readonly file: FileResponse | undefined;
  readonly name: string;
  readonly onChange: (entry: ToolEntry) => void;
}) {
  const choices = onCallChoices(entry, file);
  const value = entry.on_agent_call ?? 'continue';
  const says = choices.find((choice) => choice.value === value)?.name ?? '';
  return (
    <span
      className="flex items-center gap-1.5 text-xs text-fg-3 @max-md:order-last @max-md:basis-full @max-md:pb-1.5 @max-md:pl-7"
      data-tip={onCallHints[says]}
    >
      On call
      <Select
        aria-label={`What happens on a call of ${name}`}
        className="w-38"
        value={value}
        choices={choices}
        onChange={(next) =>
          onChange({ ...entry, on_agent_call: next === 'stop' ? 'stop' : 'continue' })
        }
      />
    </span>
  );
}

function ToolIcon({
  entry,
  file,
}: {
  readonly entry: ToolEntry;
  readonly file: FileResponse | undefined;
}) {
  if (entry.type === 'mcp') return <Plug aria-hidden className="size-3.5 shrink-0 text-tool" />;
  return <KindIcon kind={file?.type ?? 'tool'} />;
}

function nameOf(entry: ToolEntry, file: FileResponse | undefined): string {
  switch (entry.type) {
    case 'inline':
      return entry.json_schema.name || '(no name)';
    case 'file':
      return file?.name ?? entry.link.file_id;
    case 'mcp':
      return entry.server.url.replace(/^https?:\/\//, '') || '(no address)';
  }
}

function whatItIs(entry: ToolEntry, file: FileResponse | undefined): string {
  switch (entry.type) {
    case 'inline':
      return 'inline';
    case 'file':
      return file?.type === 'tool' && file.tool_type === 'python' ? 'linked, Python' : 'linked';
    case 'mcp':
      return 'MCP';
  }
}
