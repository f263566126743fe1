import type { ChatContentPart, ChatMessage, ToolCall } from '../../contract/chat.ts';
import { skipSpace, textBetween } from './message-text.ts';
import { findClosingTag, indentationAt, readTag, type Tag, tagNameAt } from './tag.ts';
import { mostTextFaults, type TextFault } from './text-faults.ts';

/** What the tags in a message mean, and their offsets. */
interface PartsOf<Part> {
  readonly parts: readonly Part[];
  readonly partOffsets: readonly number[];
}

/**
 * The content of a user message: a list of parts if it begins with `<text>` or `<image>`, else a
 * text.
 *
 * @param start where `inner` begins in the whole text.
 */
export function readUserContent(
  inner: string,
  start: number,
  faults: TextFault[],
): { readonly content: string | ChatContentPart[]; readonly partOffsets: readonly number[] } {
  const first = tagNameAt(inner, skipSpace(inner, 0))?.toLowerCase();
  if (first !== 'text' && first !== 'image') {
    const image = findTagAtLineStart(inner, 'image');
    if (image !== undefined) faults.push({ offset: start + image, msg: textBesideParts });
    return { content: textBetween(inner), partOffsets: [] };
  }
  const { parts, partOffsets } = readParts(inner, start, faults, contentParts);
  return { content: [...parts], partOffsets };
}

/** The content of an assistant message: tool calls if it begins with `<tool>`, else a text. */
export function readAssistantMessage(
  inner: string,
  start: number,
  faults: TextFault[],
): { readonly message: ChatMessage; readonly partOffsets: readonly number[] } {
  if (tagNameAt(inner, skipSpace(inner, 0))?.toLowerCase() !== 'tool') {
    const call = findTagAtLineStart(inner, 'tool');
    if (call !== undefined) faults.push({ offset: start + call, msg: textBesideCalls });
    return { message: { role: 'assistant', content: textBetween(inner) }, partOffsets: [] };
  }
  const { parts, partOffsets } = readParts(inner, start, faults, toolCalls);
  return { message: { role: 'assistant', tool_calls: [...parts] }, partOffsets };
}

const textBesideParts = 'In a message with images, text must be in `<text>` tags.';
const textBesideCalls = 'An assistant message can have text or tool calls, not both.';

/** How the tags in one kind of message are read. */
interface PartsReader<Part> {
  readonly stray: string;
  /** The attributes that each tag may have. */
  readonly attributes: ReadonlyMap<string | undefined, readonly string[]>;
  /** @returns a fault, if there is one. */
  readonly read: (tag: Tag, inner: string) => Part | string;
}

const imageUrl = /^(?:https?:\/\/|data:image\/|\{\{)/i;
const notAnImageUrl =
  'A `url` must begin with `https://` or `http://`, or be a variable: `{{photo}}`.';

const contentParts: PartsReader<ChatContentPart> = {
  stray: textBesideParts,
  attributes: new Map([
    ['text', []],
    ['image', ['url', 'detail']],
  ]),
  read({ name, attributes }, inner) {
    if (name.toLowerCase() === 'text') return { type: 'text', text: textBetween(inner) };
    const url = attributes.get('url');
    if (url === undefined) return '`<image>` must have a `url`.';
    if (!imageUrl.test(url)) return notAnImageUrl;
    if (textBetween(inner) !== '') return 'An `<image>` must be empty.';
    const detail = attributes.get('detail');
    const image = { url, ...(detail === undefined ? {} : { detail }) };
    return { type: 'image_url', image_url: image } as ChatContentPart;
  },
};

const toolCalls: PartsReader<ToolCall> = {
  stray: textBesideCalls,
  attributes: new Map([['tool', ['name', 'id']]]),
  read({ attributes }, inner) {
    const name = attributes.get('name');
    const id = attributes.get('id');
    if (!name || !id) return 'A tool call must have a `name` and an `id`.';
    const written = textBetween(inner);
    if (!isJson(written)) return 'The arguments of a tool call must be JSON.';
    return { id, type: 'function', function: { name, arguments: written } };
  },
};

function readParts<Part extends object>(
  inner: string,
  start: number,
  faults: TextFault[],
  reader: PartsReader<Part>,
): PartsOf<Part> {
  const parts: Part[] = [];
  const partOffsets: number[] = [];
  const fail = (at: number, msg: string) => {
    faults.push({ offset: start + at, msg });
    return { parts, partOffsets };
  };
  let at = skipSpace(inner, 0);
  while (at < inner.length && faults.length < mostTextFaults) {
    const name = tagNameAt(inner, at);
    const allowed = reader.attributes.get(name?.toLowerCase());
    if (name === undefined || !allowed) return fail(at, reader.stray);
    const tag = readTag(inner, at, name);
    if ('msg' in tag) return fail(tag.offset, tag.msg);
    const closing = tag.isEmpty ? tag : findClosingTag(inner, tag.end, name);
    if (!closing) return fail(at, `\`<${name}>\` is not closed.`);
    const other = [...tag.attributes.keys()].find((key) => !allowed.includes(key));
    if (other !== undefined) fail(at, `\`<${name}>\` has no attribute \`${other}\`.`);
    const part = reader.read(tag, tag.isEmpty ? '' : inner.slice(tag.end, closing.start));
    if (typeof part === 'string') fail(at, part);
    else {
      parts.push(part);
      partOffsets.push(start + at);
    }
    at = skipSpace(inner, closing.end);
  }
  return { parts, partOffsets };
}

// Linear: no two adjacent parts match the same characters.
const meantTag = /<(image|tool)\s+(?:url|detail|name|id)\s*=/giu;

/**
 * A tag at the start of a line inside of a text. Its author meant a tag, so it must not silently
 * become text.
 */
function findTagAtLineStart(text: string, name: 'image' | 'tool'): number | undefined {
  for (const { 1: found, index } of text.matchAll(meantTag)) {
    const isMeant = found?.toLowerCase() === name && indentationAt(text, index) !== undefined;
    if (isMeant) return index;
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
