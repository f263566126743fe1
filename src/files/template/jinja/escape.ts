import { str } from './spelling.ts';
import { Markup, type Value } from './values.ts';

/** The HTML of a value: its text with five signs escaped, unless it is HTML already. */
export function escaped(value: Value): string {
  return value instanceof Markup ? value.text : escapedText(str(value));
}

/** A text with the five signs escaped that HTML has a use for. */
export function escapedText(text: string): string {
  return text.replace(/[&<>'"]/g, (sign) => entities[sign] ?? sign);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};
