import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import type { Content } from './content.ts';

type Messages = Content['messages'];
type Role = Messages[number]['role'];

const roles: readonly { readonly value: Role; readonly name: string }[] = [
  { value: 'user', name: 'User' },
  { value: 'assistant', name: 'Assistant' },
  { value: 'system', name: 'System' },
  { value: 'developer', name: 'Developer' },
  { value: 'tool', name: 'Tool' },
];

/** The messages of a row: who says what. */
export function MessagesDialog({
  messages: given,
  onSave,
  onClose,
}: {
  readonly messages: Messages;
  readonly onSave: (messages: Messages) => void;
  readonly onClose: () => void;
}) {
  const [messages, setMessages] = useState<Messages>(
    given.length > 0 ? given : [{ role: 'user', content: '' }],
  );
  const change = (index: number, changes: Partial<Messages[number]>) =>
    setMessages(messages.map((one, place) => (place === index ? { ...one, ...changes } : one)));
  return (
    <FormDialog
      title="Messages"
      action="Save"
      onSend={async () => onSave(messages.filter(({ content }) => content !== ''))}
      onClose={onClose}
    >
      {messages.map((message, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name than their place
          key={index}
          role="group"
          aria-label={`Message ${index + 1}`}
          className="grid gap-1.5"
        >
          <div className="flex items-center justify-between">
            <Select
              aria-label={`Role of message ${index + 1}`}
              value={message.role}
              choices={roles}
              onChange={(role) => change(index, { role })}
            />
            <IconButton
              label={`Remove message ${index + 1}`}
              onClick={() => setMessages(messages.filter((_, place) => place !== index))}
            >
              <X className="size-3.5" />
            </IconButton>
          </div>
          {typeof message.content === 'string' || !message.content ? (
            <TextArea
              aria-label={`Text of message ${index + 1}`}
              value={message.content ?? ''}
              onChange={({ target }) => change(index, { content: target.value })}
            />
          ) : (
            <p className="text-xs text-fg-3">
              Texts and pictures in parts. They are kept as they are.
            </p>
          )}
        </div>
      ))}
      <div>
        <Button
          size="small"
          onClick={() => setMessages([...messages, { role: 'user', content: '' }])}
        >
          <Plus aria-hidden className="size-3" />
          Message
        </Button>
      </div>
    </FormDialog>
  );
}
