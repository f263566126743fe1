import { type KeyboardEvent, type RefObject, useState } from 'react';
import { pressInGrid } from '../../keyboard/grid-keys.ts';
import { type Column, textIn } from './columns.ts';
import type { Row } from './content.ts';
import type { Place } from './place.ts';

/** Rows that a key for a page moves by. */
const page = 20;

export interface GridOptions {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly active: Place;
  readonly isReadOnly: boolean;
  readonly onActivate: (place: Place) => void;
  readonly onText: (row: Row, column: Column, text: string) => void;
  /** A cell that has a dialog of its own. */
  readonly onOpen: (row: Row) => void;
}

/** The active cell of the grid: what is typed in it, and what keys do with it. */
export function useGrid(
  { rows, columns, active, isReadOnly, onActivate, onText, onOpen }: GridOptions,
  grid: RefObject<HTMLElement | null>,
  show: (row: number) => void,
) {
  /** Undefined: nothing is typed. */
  const [typed, setTyped] = useState<string>();
  const [row, column] = [rows[active.row], columns[active.column]];
  const text = row && column ? textIn(row.content, column) : undefined;
  const move = (by: Partial<Place>) => {
    const place = {
      row: clamped(active.row + (by.row ?? 0), rows.length),
      column: clamped(active.column + (by.column ?? 0), columns.length),
    };
    onActivate(place);
    show(place.row);
  };
  const edit = (next: string | undefined) => {
    if (isReadOnly || !row || !column || next === undefined) return;
    if (column.part === 'messages') onOpen(row);
    else setTyped(next);
  };
  const keep = () => {
    if (row && column && typed !== undefined && typed !== text) onText(row, column, typed);
    setTyped(undefined);
  };
  const press = (event: KeyboardEvent) => {
    if (typed !== undefined) return;
    const { key, ctrlKey, metaKey, altKey } = event;
    const isLetter = key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
    if (isLetter && !isReadOnly) {
      event.preventDefault();
      return edit(key);
    }
    if (key === 'F2') return edit(text);
    if ((key === 'Delete' || key === 'Backspace') && row && column && !isReadOnly) {
      event.preventDefault();
      return onText(row, column, '');
    }
    pressInGrid(event, {
      down: () => move({ row: 1 }),
      up: () => move({ row: -1 }),
      unfold: () => move({ column: 1 }),
      fold: () => move({ column: -1 }),
      pageDown: () => move({ row: page }),
      pageUp: () => move({ row: -page }),
      first: () => move({ row: -rows.length }),
      last: () => move({ row: rows.length }),
      open: () => edit(text),
    });
  };
  return {
    text,
    typed,
    press,
    edit,
    type: setTyped,
    /** What was typed counts; the focus has gone elsewhere. */
    keep,
    /** What was typed counts, and the next cell is that many away. */
    done: (by: Place) => {
      keep();
      grid.current?.focus();
      move(by);
    },
    cancel: () => {
      setTyped(undefined);
      grid.current?.focus();
    },
  };
}

export type Grid = ReturnType<typeof useGrid>;

function clamped(place: number, count: number): number {
  return Math.max(0, Math.min(count - 1, place));
}
