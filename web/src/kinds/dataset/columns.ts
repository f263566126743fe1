import { cellText, readCell } from '../editor/attribute-rows.ts';
import type { Content } from './content.ts';

/** A column of the grid: an input, a member of the target, or the messages. */
export interface Column {
  readonly part: 'inputs' | 'target' | 'messages';
  /** Empty for the messages. */
  readonly name: string;
  /** All its values are texts, also those that read as numbers. */
  readonly isText: boolean;
}

/** Columns for all that is in some rows, and for those that were added and are empty yet. */
export function columnsOf(
  contents: readonly Content[],
  added: readonly Column[] = [],
): readonly Column[] {
  const found = new Map<string, Column>(added.map((column) => [keyOf(column), column]));
  const see = (part: 'inputs' | 'target', values: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(values)) {
      const before = found.get(keyOf({ part, name }));
      const isText = typeof value === 'string' && (before?.isText ?? true);
      if (before?.isText !== isText) found.set(keyOf({ part, name }), { part, name, isText });
    }
  };
  for (const { inputs, target, messages } of contents) {
    see('inputs', inputs);
    see('target', target);
    if (messages.length > 0) found.set(keyOf(messagesColumn), messagesColumn);
  }
  const order = ['inputs', 'messages', 'target'];
  return [...found.values()].toSorted((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
}

export const messagesColumn: Column = { part: 'messages', name: '', isText: false };

export function keyOf({ part, name }: Pick<Column, 'part' | 'name'>): string {
  return `${part} ${name}`;
}

/** `customer`, `target: answer`, `Messages` */
export function labelOf({ part, name }: Pick<Column, 'part' | 'name'>): string {
  if (part === 'messages') return 'Messages';
  return part === 'target' ? `target: ${name}` : name;
}

/** What a cell shows. */
export function textIn(content: Content, column: Column): string {
  if (column.part === 'messages') return messagesInShort(content.messages);
  const values = content[column.part];
  if (!Object.hasOwn(values, column.name)) return '';
  const value = values[column.name];
  return column.isText && typeof value === 'string' ? value : cellText(value);
}

/** The content with another text in a cell; an empty one takes the value away. */
export function withText(content: Content, column: Column, text: string): Content {
  if (column.part === 'messages') return content;
  const { [column.name]: _, ...others } = content[column.part];
  const value = column.isText ? text : readCell(text);
  return {
    ...content,
    [column.part]: text === '' ? others : { ...content[column.part], [column.name]: value },
  };
}

function messagesInShort(messages: Content['messages']): string {
  const last = messages.at(-1);
  if (!last) return '';
  const said = typeof last.content === 'string' ? last.content : '';
  return messages.length === 1 ? said || '1 message' : `${messages.length} messages: ${said}`;
}
