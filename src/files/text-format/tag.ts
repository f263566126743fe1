import { skipSpace } from './message-text.ts';
import type { TextFault } from './text-faults.ts';

/** An opening tag, `<tool name="…" id="…">`, or a self-closing one, `<image url="…" />`. */
export interface Tag {
  /** As it is written. */
  readonly name: string;
  /** By their names in small letters. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly isEmpty: boolean;
  readonly start: number;
  readonly end: number;
}

/** The place of a closing tag: `</tool>`. */
export interface ClosingTag {
  readonly start: number;
  readonly end: number;
}

// Linear: sticky, and no two adjacent parts match the same characters, so there is no backtracking.
const tagName = /<([A-Za-z][\w-]*)(?=[\s/>]|$)/y;
const attributeName = /([A-Za-z][\w-]*)\s*=\s*/y;

/** The name of the opening tag at an offset, if there is one. */
export function tagNameAt(text: string, at: number): string | undefined {
  if (text[at] !== '<') return undefined;
  tagName.lastIndex = at;
  return tagName.exec(text)?.[1];
}

/** Reads the opening tag at an offset where {@link tagNameAt} found one. */
export function readTag(text: string, start: number, name: string): Tag | TextFault {
  const attributes = new Map<string, string>();
  let at = start + 1 + name.length;
  for (;;) {
    const next = skipSpace(text, at);
    const end = next + (text[next] === '/' ? 1 : 0);
    if (text[end] === '>') {
      return { name, attributes, isEmpty: end > next, start, end: end + 1 };
    }
    attributeName.lastIndex = next;
    const attribute = next > at ? attributeName.exec(text)?.[1] : undefined;
    if (attribute === undefined) return notATag(next, name);
    const quote = text[attributeName.lastIndex];
    const valueStart = attributeName.lastIndex + 1;
    const valueEnd = quote === '"' || quote === "'" ? text.indexOf(quote, valueStart) : -1;
    if (valueEnd < 0) return notATag(valueStart - 1, name);
    const key = attribute.toLowerCase();
    if (attributes.has(key)) {
      return { offset: next, msg: `\`<${name}>\` has two attributes named \`${attribute}\`.` };
    }
    attributes.set(key, text.slice(valueStart, valueEnd));
    at = valueEnd + 1;
  }
}

function notATag(offset: number, name: string): TextFault {
  const msg = `The tag \`<${name}>\` must have an attribute with a quoted value here.`;
  return { offset, msg };
}

/** An opening tag with attributes. A value with both kinds of quotes cannot be written. */
export function openingTag(name: string, attributes: Readonly<Record<string, unknown>>): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const quote = String(value).includes('"') ? "'" : '"';
      return ` ${key}=${quote}${value}${quote}`;
    });
  return `<${name}${written.join('')}`;
}

/** The closing tag at an offset, if it has this name, as it is written or in small letters. */
export function closingTagAt(text: string, at: number, name: string): ClosingTag | undefined {
  const isThere = [name, name.toLowerCase()].some((one) => text.startsWith(`</${one}`, at));
  if (!isThere) return undefined;
  const end = skipSpace(text, at + 2 + name.length);
  return text[end] === '>' ? { start: at, end: end + 1 } : undefined;
}

/** The first closing tag of this name at or after an offset. */
export function findClosingTag(text: string, from: number, name: string): ClosingTag | undefined {
  for (let at = text.indexOf('</', from); at >= 0; at = text.indexOf('</', at + 2)) {
    const found = closingTagAt(text, at, name);
    if (found) return found;
  }
  return undefined;
}

/** The indentation of an offset, if only blanks come before it on its line. */
export function indentationAt(text: string, at: number): number | undefined {
  let before = at - 1;
  while (text[before] === ' ' || text[before] === '\t') before -= 1;
  return before < 0 || text[before] === '\n' ? at - 1 - before : undefined;
}
