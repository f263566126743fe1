import { useNavigate } from '@tanstack/react-router';
import { ListFilter } from 'lucide-react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { entriesOf } from '../list/cell-menu.tsx';
import type { CellValue } from '../list/cell-values.ts';

/** A fact by which the list of logs can be filtered. */
export function Filterable({ value }: { readonly value: CellValue }) {
  const navigate = useNavigate();
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="min-w-0 truncate" title={value.text}>
        {value.shown}
      </span>
      <Menu
        trigger={
          <IconButton label={`Filter by ${value.name.toLowerCase()}`} className="size-6">
            <ListFilter className="size-3" />
          </IconButton>
        }
        entries={() =>
          entriesOf([value], (change) => {
            const search = Object.fromEntries(
              Object.entries(change).filter(([, one]) => one !== undefined),
            );
            void navigate({ to: '/logs', search });
          })
        }
      />
    </span>
  );
}
