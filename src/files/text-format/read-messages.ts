import type { ChatMessage } from '../../contract/chat.ts';
import { clipText } from '../../kernel/text.ts';
import { readAssistantMessage, readUserContent } from './message-parts.ts';
import { skipSpace, textBetween } from './message-text.ts';
import { closingTagAt, indentationAt, readTag, type Tag, tagNameAt } from './tag.ts';
import { mostTextFaults, type TextFault } from './text-faults.ts';

/** A message, with the offsets of its tag and of the tags of its parts or tool calls. */
export interface PlacedMessage {
  readonly message: ChatMessage;
  readonly offset: number;
  readonly partOffsets: readonly number[];
}

/** The messages of a text, and its faults. */
export interface ReadMessages {
  readonly messages: readonly PlacedMessage[];
  readonly faults: readonly TextFault[];
}

/** The tags of messages, and the attributes that each may have. */
const messageTags: Readonly<Record<string, readonly string[]>> = {
  system: [],
  developer: [],
  user: [],
  assistant: [],
  tool: ['name', 'id'],
};

/**
 * Reads a sequence of messages in tags. Names of tags may be in capitals. Comments, as HTML and JSX
 * have them, may stand between messages.
 *
 * A message ends at the first closing tag of its name. What is between is literal, except for the
 * parts of user messages and the calls in assistant messages, if a message begins with one. A
 * message tag at the start of a line inside of another message, indented no further, means that the
 * other was not closed; reading continues there.
 *
 * One pass over the text, plus one look ahead for each possible fault.
 */
export function readMessages(text: string): ReadMessages {
  const excess = offsetOfExcess(text);
  if (excess !== undefined) {
    const msg = `The text has more than ${mostTags} tags, which is the limit.`;
    return { messages: [], faults: [{ offset: excess, msg }] };
  }
  const messages: PlacedMessage[] = [];
  const faults: TextFault[] = [];
  let at = skipComments(text, 0);
  while (at < text.length && faults.length < mostTextFaults) {
    const name = tagNameAt(text, at);
    if (name === undefined || !Object.hasOwn(messageTags, name.toLowerCase())) {
      faults.push({ offset: at, msg: strayText(text, at, name) });
      at = nextMessage(text, at + 1);
      continue;
    }
    const tag = readTag(text, at, name);
    if ('msg' in tag) {
      faults.push(tag);
      at = nextMessage(text, at + 1);
      continue;
    }
    const { inner, end } = readInner(text, tag);
    if (inner === undefined) faults.push({ offset: at, msg: `\`<${name}>\` is not closed.` });
    else messages.push(readMessage(tag, inner, faults));
    at = skipComments(text, end);
  }
  return { messages, faults };
}

/** Each costs some microseconds, during which the server answers nobody else. */
const mostTags = 20_000;

const anyTag = /<(?:system|developer|user|assistant|tool|text|image)[\s/>]/gi;

/** The offset of the first tag that is one too many. */
function offsetOfExcess(text: string): number | undefined {
  let tags = 0;
  for (const { index } of text.matchAll(anyTag)) {
    tags += 1;
    if (tags > mostTags) return index;
  }
  return undefined;
}

/** The offset of what comes after space and comments. */
function skipComments(text: string, from: number): number {
  let at = skipSpace(text, from);
  for (;;) {
    const comment = comments.find(({ begin }) => text.startsWith(begin, at));
    const end = comment ? text.indexOf(comment.end, at) : -1;
    if (!comment || end < 0) return at;
    at = skipSpace(text, end + comment.end.length);
  }
}

const comments = [
  { begin: '<!--', end: '-->' },
  { begin: '{/*', end: '*/}' },
] as const;

function strayText(text: string, at: number, name: string | undefined): string {
  if (name !== undefined) return `\`<${clipText(name, 30)}>\` is not a message tag.`;
  if (text.startsWith('</', at)) return 'This closing tag has no opening tag.';
  return 'This text is outside of the messages. Put it in tags: `<system>`, `<user>`, `<assistant>`.';
}

/**
 * What is inside of a message, and where reading continues; no `inner` if the message is not
 * closed.
 */
function readInner(text: string, tag: Tag): { inner?: string; end: number } {
  if (tag.isEmpty) return { inner: '', end: tag.end };
  const indentation = indentationAt(text, tag.start) ?? 0;
  for (let at = text.indexOf('<', tag.end); at >= 0; at = text.indexOf('<', at + 1)) {
    const closing = closingTagAt(text, at, tag.name);
    if (closing) return { inner: text.slice(tag.end, at), end: closing.end };
    // Inside an assistant message `<tool>` is a tool call, not the start of a tool message.
    const opened = messageNameAt(text, at);
    if (opened === undefined || (opened === 'tool' && tag.name.toLowerCase() === 'assistant'))
      continue;
    if ((indentationAt(text, at) ?? Number.POSITIVE_INFINITY) <= indentation) return { end: at };
  }
  return { end: text.length };
}

/** After a fault, the offset of the next message tag at the start of a line. */
function nextMessage(text: string, from: number): number {
  for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at + 1)) {
    if (messageNameAt(text, at) !== undefined && indentationAt(text, at) !== undefined) return at;
  }
  return text.length;
}

function messageNameAt(text: string, at: number): string | undefined {
  const name = tagNameAt(text, at);
  return name !== undefined && Object.hasOwn(messageTags, name) ? name : undefined;
}

function readMessage(tag: Tag, inner: string, faults: TextFault[]): PlacedMessage {
  const { start: offset, end: innerStart, attributes } = tag;
  const name = tag.name.toLowerCase();
  for (const attribute of attributes.keys()) {
    if (messageTags[name]?.includes(attribute)) continue;
    const msg = `\`<${name}>\` has no attribute \`${clipText(attribute, 30)}\`.`;
    faults.push({ offset, msg });
  }
  const role = name as ChatMessage['role'];
  switch (role) {
    case 'system':
    case 'developer':
      return { message: { role, content: textBetween(inner) }, offset, partOffsets: [] };
    case 'user': {
      const { content, partOffsets } = readUserContent(inner, innerStart, faults);
      return { message: { role, content }, offset, partOffsets };
    }
    case 'assistant': {
      const { message, partOffsets } = readAssistantMessage(inner, innerStart, faults);
      return { message, offset, partOffsets };
    }
    case 'tool': {
      const toolName = attributes.get('name');
      const id = attributes.get('id');
      const message: ChatMessage = {
        role,
        ...(toolName === undefined ? {} : { name: toolName }),
        ...(id === undefined ? {} : { tool_call_id: id }),
        content: textBetween(inner),
      };
      return { message, offset, partOffsets: [] };
    }
  }
}
