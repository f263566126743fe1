import { Pencil, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { ChatMessage } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { TextArea } from '../../ui/text-area.tsx';
import { textOf } from '../conversation/blocks.ts';
import type { ForkDraft } from './fork-request.ts';

/** What was said before a turn; each text may be another one. */
export function ForkedMessages({
  messages,
  edits,
  onChange,
}: {
  readonly messages: readonly ChatMessage[];
  readonly edits: ForkDraft['edits'];
  readonly onChange: (edits: ForkDraft['edits']) => void;
}) {
  if (messages.length === 0) return null;
  const change = (index: number, text: string | undefined) => {
    const next = new Map(edits);
    if (text === undefined) next.delete(index);
    else next.set(index, text);
    onChange(next);
  };
  return (
    <section className="grid gap-1.5">
      <h3 className="text-xs font-medium text-fg-2">What was said before</h3>
      <ol className="grid gap-1.5">
        {messages.map((message, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name than their place
            key={index}
            className={cx(
              'min-w-0 rounded-md border px-2.5 py-1.5',
              edits.has(index) ? 'border-accent' : 'border-line',
            )}
          >
            <EditableMessage
              message={message}
              names={namesOfCalls(messages)}
              text={edits.get(index)}
              onChange={(text) => change(index, text)}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

function EditableMessage({
  message,
  names,
  text,
  onChange,
}: {
  readonly message: ChatMessage;
  readonly names: ReadonlyMap<string, string>;
  /** The other text; undefined: as it was. */
  readonly text: string | undefined;
  readonly onChange: (text: string | undefined) => void;
}) {
  const [isOpen, setOpen] = useState(text !== undefined);
  const was = textOf(message);
  const who = whoSaid(message, names);
  // Pictures are no text; a message of calls alone has none.
  const isEditable = typeof message.content === 'string' && was !== '';
  return (
    <>
      <div className="flex min-h-6 items-center gap-2 text-2xs font-medium text-fg-3">
        <span className="min-w-0 flex-1 truncate first-letter:uppercase">{who}</span>
        {isEditable && (
          <Button
            size="small"
            look="ghost"
            aria-label={isOpen ? `Leave what ${who} said` : `Edit what ${who} said`}
            onClick={() => {
              if (isOpen) onChange(undefined);
              setOpen(!isOpen);
            }}
          >
            {isOpen ? (
              <Undo2 aria-hidden className="size-3" />
            ) : (
              <Pencil aria-hidden className="size-3" />
            )}
            {isOpen ? 'As it was' : 'Edit'}
          </Button>
        )}
      </div>
      {isOpen ? (
        <TextArea
          aria-label={`What ${who} says instead`}
          value={text ?? was}
          onChange={({ target: { value } }) => onChange(value === was ? undefined : value)}
          className={cx(message.role === 'tool' && 'font-mono text-xs')}
        />
      ) : (
        <p
          dir="auto"
          className={cx(
            'line-clamp-3 break-words whitespace-pre-wrap text-fg-2',
            message.role === 'tool' && 'font-mono text-xs',
          )}
        >
          {was || (message.tool_calls ?? []).map((call) => call.function.name).join(', ')}
        </p>
      )}
    </>
  );
}

const speakers = {
  user: 'the user',
  assistant: 'the agent',
  system: 'the system',
  developer: 'the system',
} as const;

function whoSaid(
  { role, tool_call_id: id }: ChatMessage,
  names: ReadonlyMap<string, string>,
): string {
  if (role !== 'tool') return speakers[role];
  return names.get(id ?? '') ?? 'a tool';
}

function namesOfCalls(messages: readonly ChatMessage[]): ReadonlyMap<string, string> {
  return new Map(
    messages.flatMap(({ tool_calls: calls }) =>
      (calls ?? []).map((call) => [call.id, call.function.name] as const),
    ),
  );
}
