import { Plus } from 'lucide-react';
import { useId } from 'react';
import type { ChatMessage } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { messagesOf, templateOf } from '../spec/template.ts';
import { useForm } from './form-context.ts';
import { MessageCard } from './message-card.tsx';

/** The instructions: messages that begin each conversation, with variables in them. */
export function Instructions() {
  const { spec, set, faultAt, unknownVariables } = useForm();
  const id = useId();
  const messages = messagesOf(spec.template);
  const keep = (next: readonly ChatMessage[]) => set('template', templateOf(next, spec.template));
  const fault = faultAt('template');
  return (
    <div role="group" aria-labelledby={id} className="grid gap-2">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h2 id={id} className="font-medium">
          Instructions
        </h2>
        <Select
          aria-label="Template language"
          value={spec.template_language ?? 'default'}
          choices={languages}
          onChange={(value) => set('template_language', value === 'default' ? undefined : value)}
        />
      </div>
      {messages.length === 0 && (
        <p className="text-fg-3">
          Nothing is said to the model before the conversation. Add a system message to tell it who
          it is and what to do.
        </p>
      )}
      {messages.map((message, place) => (
        <MessageCard
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name than their place
          key={place}
          message={message}
          place={place}
          count={messages.length}
          onChange={(next) => keep(messages.with(place, next))}
          onRemove={() => keep(messages.toSpliced(place, 1))}
          onMove={(to) => keep(messages.toSpliced(place, 1).toSpliced(to, 0, message))}
        />
      ))}
      {fault && <p className="text-xs text-err">{fault}</p>}
      {unknownVariables.size > 0 && (
        <p className="text-xs text-warn">
          No value yet for {[...unknownVariables].map((name) => `{{${name}}}`).join(', ')}: give it
          under Inputs.
        </p>
      )}
      <div>
        <Button
          size="small"
          look="ghost"
          onClick={() => {
            const role = messages.length === 0 ? 'system' : 'user';
            keep([...messages, { role, content: '' }]);
          }}
        >
          <Plus aria-hidden className="size-3.5" />
          Message
        </Button>
      </div>
    </div>
  );
}

const languages = [
  { value: 'default', name: '{{variables}}' },
  { value: 'jinja', name: 'Jinja' },
] as const;
