import { isRecord } from '../../kernel/json-object.ts';
import type { Note } from '../mender.ts';
import { choicesIn, messageIn, saidInBody, saidInMessage } from './said-in-choices.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Notes what servers put into a body beside text, reasoning and calls. */
export function noteUnread(body: unknown, note: Note): void {
  const messages = choicesIn(body).map(messageIn);
  for (const message of messages) {
    for (const kind of unreadKinds(message)) note(`a part of the kind \`${kind}\``);
  }
  const { text } = saidInBody(body);
  const others = messages.map((message) => saidInMessage(message).text);
  if (others.some((other) => other !== '' && other !== text)) note('more than one answer');
}

function unreadKinds(message: Fields): readonly string[] {
  const { content, images, audio } = message;
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  const hasTranscript = isRecord(audio) && typeof audio['transcript'] === 'string';
  return [
    ...parts.flatMap((part) => unreadKind(part) ?? []),
    ...(Array.isArray(images) && images.length > 0 ? ['images'] : []),
    ...(isRecord(audio) && !hasTranscript ? ['audio'] : []),
  ];
}

/** The kind of a part with nothing that an answer can hold; undefined for others, and empty ones. */
function unreadKind(part: unknown): string | undefined {
  if (part == null || typeof part === 'string') return undefined;
  if (!isRecord(part)) return typeof part;
  const { text, reasoning, calls } = saidInMessage({ content: [part] });
  const kind = String(part['type']);
  const isKnown = /text|think|reason|refusal|tool|function/.test(kind);
  return isKnown || text !== '' || reasoning !== '' || calls.length > 0 ? undefined : kind;
}
