import { ArrowDown, ArrowUp, X } from 'lucide-react';
import type { ChatMessage } from '../../api/types.ts';
import { CodeField } from '../../code/code-field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from './form-context.ts';

const roles = [
  { value: 'system', name: 'System' },
  { value: 'developer', name: 'Developer' },
  { value: 'user', name: 'User' },
  { value: 'assistant', name: 'Assistant' },
  { value: 'tool', name: 'Tool' },
] as const satisfies readonly { readonly value: ChatMessage['role']; readonly name: string }[];

/** A message of the instructions: who says it, and what. */
export function MessageCard({
  message,
  place,
  count,
  onChange,
  onRemove,
  onMove,
}: {
  readonly message: ChatMessage;
  readonly place: number;
  readonly count: number;
  readonly onChange: (message: ChatMessage) => void;
  readonly onRemove: () => void;
  readonly onMove: (to: number) => void;
}) {
  const name = `${roles.find(({ value }) => value === message.role)?.name} message ${place + 1}`;
  return (
    <div
      role="group"
      aria-label={name}
      className="overflow-hidden rounded-lg border border-line bg-panel focus-within:border-line-strong"
    >
      <div className="flex items-center gap-0.5 border-b border-line bg-sunken py-1 pr-1 pl-1.5">
        <Select
          aria-label={`Role of message ${place + 1}`}
          value={message.role}
          choices={roles}
          onChange={(role) => onChange({ ...message, role })}
        />
        <span className="flex-1" />
        {place > 0 && (
          <IconButton label={`Move message ${place + 1} up`} onClick={() => onMove(place - 1)}>
            <ArrowUp className="size-3.5" />
          </IconButton>
        )}
        {place < count - 1 && (
          <IconButton label={`Move message ${place + 1} down`} onClick={() => onMove(place + 1)}>
            <ArrowDown className="size-3.5" />
          </IconButton>
        )}
        <IconButton label={`Remove message ${place + 1}`} onClick={onRemove}>
          <X className="size-3.5" />
        </IconButton>
      </div>
      <Content name={name} message={message} onChange={onChange} />
      {(message.tool_calls?.length ?? 0) > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-fg-3">
          It calls {message.tool_calls?.map((call) => call.function.name).join(', ')}. Calls are
          edited in the raw file.
        </p>
      )}
    </div>
  );
}

/** What is said: a text, or texts and pictures. */
function Content({
  name,
  message,
  onChange,
}: {
  readonly name: string;
  readonly message: ChatMessage;
  readonly onChange: (message: ChatMessage) => void;
}) {
  const { unknownVariables } = useForm();
  const { content } = message;
  const text = (label: string, value: string, keep: (value: string) => void) => (
    <CodeField
      isBare
      label={label}
      language="template"
      placeholder="What is said. {{name}} is filled in by an input."
      value={value}
      unknownVariables={unknownVariables}
      className="[&_.cm-content]:min-h-15"
      onChange={keep}
    />
  );
  if (!Array.isArray(content)) {
    return text(`Text of ${name}`, content ?? '', (value) =>
      onChange({ ...message, content: value }),
    );
  }
  return content.map((part, index) => {
    const keep = (next: (typeof content)[number]) =>
      onChange({ ...message, content: content.with(index, next) });
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
      <div key={index} className="border-line not-first:border-t">
        {part.type === 'text' ? (
          text(`Text ${index + 1} of ${name}`, part.text, (value) => keep({ ...part, text: value }))
        ) : (
          <div className="px-3 py-1.5">
            <Input
              aria-label={`Address of picture ${index + 1} of ${name}`}
              value={part.image_url.url}
              onChange={({ target }) =>
                keep({ ...part, image_url: { ...part.image_url, url: target.value } })
              }
            />
          </div>
        )}
      </div>
    );
  });
}
