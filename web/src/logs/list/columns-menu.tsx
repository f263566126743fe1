import { Columns3 } from 'lucide-react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { LogRow } from './list-queries.ts';
import type { ChangeSearch, ListSearch } from './list-search.ts';
import { possibleColumns } from './shown-columns.ts';

/** Which columns are shown. They are in the address, and so in a link. */
export function ColumnsMenu({
  rows,
  shown,
  search,
  onChange,
}: {
  readonly rows: readonly LogRow[];
  /** The ids of the columns that are shown. */
  readonly shown: readonly string[];
  readonly search: ListSearch;
  readonly onChange: ChangeSearch;
}) {
  return (
    <Menu
      trigger={
        <IconButton label="Columns">
          <Columns3 className="size-3.5" />
        </IconButton>
      }
      entries={() => [
        { type: 'heading', name: 'Columns' },
        ...possibleColumns(rows).map(({ id, name }) => ({
          type: 'switch' as const,
          name,
          isOn: shown.includes(id),
          change: (isOn: boolean) =>
            onChange({
              cols: possibleColumns(rows)
                .map((column) => column.id)
                .filter((one) => (one === id ? isOn : shown.includes(one))),
            }),
        })),
        ...(search.cols
          ? [
              { type: 'heading' as const, name: 'Or' },
              {
                type: 'action' as const,
                name: 'Those that say something',
                run: () => onChange({ cols: undefined }),
              },
            ]
          : []),
      ]}
    />
  );
}
