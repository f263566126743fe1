import { type Column, keyOf, messagesColumn, withText } from './columns.ts';
import { type Content, emptyContent } from './content.ts';

/** What a column of a CSV file becomes. */
export interface Assignment {
  readonly to: 'inputs' | 'target' | 'messages' | 'nothing';
  /** Of the input, or of the member of the target. */
  readonly name: string;
}

/** What the name of a column says of it, as the API reads it: `target.capital` is a member of the target. */
export function likelyAssignment(head: string): Assignment {
  const name = head.trim();
  if (name === '') return { to: 'nothing', name };
  if (name === 'messages') return { to: 'messages', name };
  if (name === 'target') return { to: 'target', name };
  return name.startsWith('target.')
    ? { to: 'target', name: name.slice('target.'.length) }
    : { to: 'inputs', name };
}

/** The column of the grid into which values go: one that is there, or a new one for texts. */
export function columnOf({ to, name }: Assignment, columns: readonly Column[]): Column | undefined {
  if (to === 'nothing' || (to !== 'messages' && name === '')) return undefined;
  if (to === 'messages') return messagesColumn;
  const column: Column = { part: to, name, isText: true };
  return columns.find((one) => keyOf(one) === keyOf(column)) ?? column;
}

/** What two columns become, where the value of one would be lost. */
export function twiceIn(assignments: readonly Assignment[]): string | undefined {
  const keys = new Set<string>();
  for (const one of assignments) {
    const column = columnOf(one, []);
    if (!column) continue;
    if (keys.has(keyOf(column))) return column.name;
    keys.add(keyOf(column));
  }
  return undefined;
}

/**
 * The rows of a table.
 *
 * @throws Error that names the line, when messages cannot be read.
 */
export function readRows(
  rows: readonly (readonly string[])[],
  assignments: readonly Assignment[],
  columns: readonly Column[],
): readonly Content[] {
  const places = assignments.map((one) => columnOf(one, columns));
  return rows.map((values, index) => {
    let content = emptyContent;
    for (const [place, column] of places.entries()) {
      const value = values[place] ?? '';
      if (!column || value === '') continue;
      content =
        column.part === 'messages'
          ? { ...content, messages: readMessages(value, index) }
          : withText(content, column, value);
    }
    return content;
  });
}

function readMessages(text: string, index: number): Content['messages'] {
  try {
    const messages: unknown = JSON.parse(text);
    if (Array.isArray(messages)) return messages as Content['messages'];
  } catch {
    // What is wrong with it is said below.
  }
  throw new Error(`The messages of row ${index + 1} are no JSON list.`);
}
