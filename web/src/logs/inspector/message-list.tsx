import type { ChatMessage } from '../../api/types.ts';
import { cx } from '../../ui/cx.ts';
import { textOf } from '../conversation/blocks.ts';
import { Fields } from '../values/fields.tsx';
import { readJsonText, shownText } from '../values/json-text.ts';

/** The messages of a request in their order, and the answer. Each is folded to some lines. */
export function MessageList({
  messages,
  lastIsAnswer,
}: {
  readonly messages: readonly ChatMessage[];
  readonly lastIsAnswer: boolean;
}) {
  if (messages.length === 0) return <p className="text-fg-3">No messages were stored.</p>;
  return (
    <ol className="grid gap-2">
      {messages.map((message, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name than their place
          key={index}
          className={cx(
            'min-w-0 rounded-md border px-2.5 py-1.5',
            lastIsAnswer && index === messages.length - 1 ? 'border-prompt/50' : 'border-line',
          )}
        >
          <p className="flex gap-2 text-2xs font-medium text-fg-3">
            {message.role}
            {message.name && <span>{message.name}</span>}
            {message.tool_call_id && <code className="font-mono">{message.tool_call_id}</code>}
          </p>
          <MessageText message={message} />
        </li>
      ))}
    </ol>
  );
}

function MessageText({ message }: { readonly message: ChatMessage }) {
  const text = textIn(message);
  return (
    <>
      {text !== '' && (
        <p
          className={cx(
            'max-h-64 overflow-auto break-words whitespace-pre-wrap',
            message.role === 'tool' && 'font-mono text-xs',
          )}
        >
          {text}
        </p>
      )}
      {(message.tool_calls ?? []).map((call) => (
        <div key={call.id} className="mt-1 border-t border-line pt-1">
          <p className="font-mono text-xs">{call.function.name}</p>
          <Fields value={readJsonText(call.function.arguments ?? '')} />
        </div>
      ))}
    </>
  );
}

/** Raw requests have contents of the vendor's own form; those are shown as they are. */
function textIn(message: ChatMessage): string {
  const { content } = message;
  if (!content || typeof content === 'string') return content ?? '';
  const isOurs = content.every(
    (part) => (part.type === 'text' && 'text' in part) || part.type === 'image_url',
  );
  return isOurs ? textOf(message) : shownText(content);
}
