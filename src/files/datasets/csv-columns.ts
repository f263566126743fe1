import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import { characterAt, composed, indexOfInvisible } from '../name-characters.ts';

/** Where the values of a CSV column go. */
export interface Column {
  readonly part: keyof DatapointContent;
  /** The member of the inputs or the target; messages have none. */
  readonly key: string;
}

/** Maximum number of columns. */
const mostColumns = 1_000;

/**
 * Reads the header of a CSV file. `target` is the member `target` of a datapoint's target,
 * `target.x` its member `x`, `messages` a JSON list of messages; every other column is an input.
 *
 * @returns the columns, or a sentence about the first fault.
 */
export function readHeader(cells: readonly string[]): readonly Column[] | string {
  if (cells.length > mostColumns) {
    return `The header has ${cells.length} columns. It can have at most ${mostColumns}.`;
  }
  const names = new Set<string>();
  const columns: Column[] = [];
  for (const [index, cell] of cells.entries()) {
    const name = composed(cell.trim());
    const column = readColumn(name);
    if (column.key === '') return `Column ${index + 1} has no name.`;
    // A program that sets a member of this name would change the prototype of its object instead.
    if (column.key === '__proto__') return 'A column cannot be named `__proto__`.';
    // Only the beginning is checked: a whole file without line breaks would be one long name.
    const invisible = indexOfInvisible(name.slice(0, 1_000));
    if (invisible !== undefined) {
      const character = characterAt(name, invisible);
      return `The name of column ${index + 1} has an invisible character: ${character}.`;
    }
    const place = `${column.part} ${column.key}`;
    if (names.has(place)) return `There are two columns for \`${name}\`.`;
    names.add(place);
    columns.push(column);
  }
  return columns;
}

function readColumn(name: string): Column {
  if (name === 'messages') return { part: 'messages', key: name };
  if (name === 'target') return { part: 'target', key: name };
  if (name.startsWith('target.')) return { part: 'target', key: name.slice('target.'.length) };
  return { part: 'inputs', key: name };
}
