import { Ellipsis } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';

/** What can be done with a row of a table; nothing is shown when that is nothing. */
export function RowMenu({
  of,
  actions,
}: {
  /** What the row is, for who does not see it: `Actions for Maya Kern`. */
  readonly of: string;
  readonly actions: readonly (
    | { readonly name: string; readonly run: () => void }
    | false
    | undefined
  )[];
}) {
  const offered = actions.filter((action) => action !== false && action !== undefined);
  if (offered.length === 0) return null;
  return (
    <Menu
      trigger={
        <IconButton label={`Actions for ${of}`}>
          <Ellipsis className="size-3.5" />
        </IconButton>
      }
      entries={() => offered.map((action) => ({ type: 'action', ...action }))}
    />
  );
}
