import type { ChatMessage } from '../../api/types.ts';
import type { Spec } from './spec.ts';

type Template = Spec['template'];

/** The messages of a template. A template that is a text is one message of the system. */
export function messagesOf(template: Template): readonly ChatMessage[] {
  if (template === undefined || template === null) return [];
  return typeof template === 'string' ? [{ role: 'system', content: template }] : template;
}

/** A template of these messages; a text as before, if that says it. */
export function templateOf(messages: readonly ChatMessage[], before: Template): Template {
  const [first, ...others] = messages;
  if (!first) return null;
  const isPlain =
    typeof before === 'string' && others.length === 0 && first.role === 'system' && isText(first);
  return isPlain ? first.content : [...messages];
}

/** Whether all that a message has is a text. */
function isText(message: ChatMessage): message is ChatMessage & { content: string } {
  const { role: _role, content, ...rest } = message;
  return typeof content === 'string' && Object.values(rest).every((value) => value == null);
}

/** All texts of a template. */
export function textsOf(template: Template): readonly string[] {
  return messagesOf(template).flatMap(({ content }) => {
    if (typeof content === 'string') return [content];
    return (content ?? []).flatMap((part) =>
      part.type === 'text' ? [part.text] : [part.image_url.url],
    );
  });
}

/** A template as a person reads it: each message with its role above it. */
export function readableTemplate(template: Template): string {
  if (typeof template === 'string') return template;
  return messagesOf(template)
    .map((message) => `${message.role}:\n${readableMessage(message)}`)
    .join('\n\n');
}

function readableMessage({ content, tool_calls: calls }: ChatMessage): string {
  const texts =
    typeof content === 'string'
      ? [content]
      : (content ?? []).map((part) =>
          part.type === 'text' ? part.text : `[picture at ${part.image_url.url.slice(0, 80)}]`,
        );
  const called = (calls ?? []).map(
    ({ function: { name, arguments: given } }) => `[calls ${name} ${given ?? ''}]`,
  );
  return [...texts, ...called].join('\n');
}
