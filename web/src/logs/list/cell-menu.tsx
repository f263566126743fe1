import { type MouseEvent, type ReactNode, useState } from 'react';
import { copyText } from '../../ui/copy-text.ts';
import { MenuAt } from '../../ui/menu-at.tsx';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { toast } from '../../ui/toasts.tsx';
import type { CellValue } from './cell-values.ts';
import type { Column } from './columns.tsx';
import type { LogRow } from './list-queries.ts';
import type { ChangeSearch } from './list-search.ts';

/** Where the menu of a cell was asked for. */
interface Place {
  readonly logId: string;
  /** Undefined: of the whole row, when a key asked for it. */
  readonly columnId: string | undefined;
  readonly x: number;
  readonly y: number;
}

/** The menu of a cell, by the other button of the pointer or the key for menus: filter by its values, or copy them. */
export function useCellMenu({
  activeId,
  onActivate,
  rows,
  columns,
  onChange,
  onClose,
}: {
  readonly activeId: string | undefined;
  readonly onActivate: (logId: string) => void;
  readonly rows: readonly LogRow[];
  readonly columns: readonly Column[];
  readonly onChange: ChangeSearch;
  readonly onClose: () => void;
}): { readonly open: (event: MouseEvent) => void; readonly shown: ReactNode } {
  const [place, setPlace] = useState<Place>();
  const row = place && rows.find(({ id }) => id === place.logId);
  const column = columns.find(({ id }) => id === place?.columnId);
  return {
    open: (event) => {
      const next = placeOf(event, activeId);
      if (!next) return;
      event.preventDefault();
      onActivate(next.logId);
      setPlace(next);
    },
    shown: row && (
      <MenuAt
        x={place.x}
        y={place.y}
        label={column ? `${column.name} of the log` : 'Values of the log'}
        entries={[
          ...entriesOf(
            distinct((column ? [column] : columns).flatMap((one) => one.values(row))),
            onChange,
          ),
          { type: 'heading', name: 'Log' },
          copying('Copy the id of the log', row.id),
        ]}
        onClose={() => {
          setPlace(undefined);
          onClose();
        }}
      />
    ),
  };
}

/** Where a menu was asked for in the grid: at a cell with the pointer, or with a key for the active row. */
function placeOf(
  { target, clientX, clientY }: MouseEvent,
  activeId: string | undefined,
): Place | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest<HTMLElement>('[data-log]');
  if (row?.dataset['log']) {
    const columnId = target.closest<HTMLElement>('[data-column]')?.dataset['column'];
    return { logId: row.dataset['log'], columnId, x: clientX, y: clientY };
  }
  if (activeId === undefined) return undefined;
  const active = document.querySelector(`[data-log="${CSS.escape(activeId)}"]`);
  const { left = clientX, bottom = clientY } = active?.getBoundingClientRect() ?? {};
  return { logId: activeId, columnId: undefined, x: left + 40, y: bottom };
}

/** The lines of a menu for some values. */
export function entriesOf(
  values: readonly CellValue[],
  onChange: ChangeSearch,
): readonly MenuEntry[] {
  return values.flatMap((value): readonly MenuEntry[] => {
    const { name, text, shown, include, exclude } = value;
    const says = `${name}: ${shown}`;
    return [
      { type: 'heading', name: says },
      ...(include
        ? [
            {
              type: 'action' as const,
              name: value.includeAs ?? `Only ${shown}`,
              run: () => onChange(include),
            },
          ]
        : []),
      ...(exclude
        ? [
            {
              type: 'action' as const,
              name: value.excludeAs ?? `Not ${shown}`,
              run: () => onChange(exclude),
            },
          ]
        : []),
      copying(`Copy ${name.toLowerCase()}`, text),
    ];
  });
}

function copying(name: string, text: string): MenuEntry {
  return { type: 'action', name, run: () => void copyText(text).then(() => toast('Copied')) };
}

/** Two columns may say the same, such as the version. */
function distinct(values: readonly CellValue[]): readonly CellValue[] {
  return [...new Map(values.map((value) => [value.name, value])).values()];
}
