import { useRef } from 'react';
import { cx } from '../../ui/cx.ts';
import type { Place } from './place.ts';
import type { Grid } from './use-grid.ts';

/** A cell: its text, or while it is typed in, a field over it. */
export function GridCell({
  id,
  label,
  text,
  isActive,
  grid,
  onPress,
}: {
  readonly id: string;
  /** The name of its column. */
  readonly label: string;
  readonly text: string;
  readonly isActive: boolean;
  readonly grid: Grid;
  readonly onPress: () => void;
}) {
  const isTyped = isActive && grid.typed !== undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <span
      id={id}
      role="gridcell"
      aria-selected={isActive}
      onClick={() => !isTyped && onPress()}
      className={cx(
        'relative flex min-w-0 cursor-default items-center border-l border-line px-2',
        isActive && 'outline-2 -outline-offset-2 outline-accent',
      )}
    >
      {isTyped ? (
        <CellField label={label} grid={grid} />
      ) : (
        <span className="min-w-0 truncate">{text}</span>
      )}
    </span>
  );
}

/** Where the keys lead that end typing; with Shift, Enter is a line break. */
const moves: Readonly<Record<string, Place>> = {
  Enter: { row: 1, column: 0 },
  Tab: { row: 0, column: 1 },
};

/** The field in which a cell is typed. The reader pressed a key or the cell to type here. */
function CellField({ label, grid }: { readonly label: string; readonly grid: Grid }) {
  const isDone = useRef(false);
  return (
    <textarea
      // biome-ignore lint/a11y/noAutofocus: see above
      autoFocus
      aria-label={label}
      value={grid.typed}
      rows={1}
      onChange={({ target }) => grid.type(target.value)}
      onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
      onBlur={() => {
        if (!isDone.current) grid.keep();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        const by = moves[event.key];
        if (event.key === 'Escape') {
          isDone.current = true;
          grid.cancel();
        } else if (by && !event.shiftKey) {
          event.preventDefault();
          isDone.current = true;
          grid.done(by);
        }
      }}
      className="absolute inset-0 z-10 field-sizing-content min-h-full w-full resize-none rounded-none bg-panel px-2 py-1.5 text-sm shadow-pop outline-2 -outline-offset-2 outline-accent"
    />
  );
}
