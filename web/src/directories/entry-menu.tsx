import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useMay } from '../session/session.ts';
import { Menu } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/menu-entry.ts';
import type { OpenerProps } from '../ui/opener.tsx';
import type { Entry } from './entry.ts';
import type { EntryAction } from './entry-action.ts';

const EntryDialog = lazy(async () => ({
  default: (await import('./entry-dialog.tsx')).EntryDialog,
}));

/** What can be done with a file or a directory, and the dialog in which it is done. */
export function EntryMenu({
  entry,
  trigger,
}: {
  readonly entry: Entry;
  readonly trigger: ReactElement<OpenerProps>;
}) {
  const [action, setAction] = useState<EntryAction>();
  if (!useMay('write')) return null;
  return (
    <>
      <Menu
        trigger={trigger}
        entries={() =>
          actionsOf(entry).map(
            ([name, next]): MenuEntry => ({ type: 'action', name, run: () => setAction(next) }),
          )
        }
      />
      {action && (
        <Suspense>
          <EntryDialog action={action} entry={entry} onClose={() => setAction(undefined)} />
        </Suspense>
      )}
    </>
  );
}

const makes = [
  ['New file…', 'new-file'],
  ['New directory…', 'new-directory'],
] as const;
const changes = [
  ['Rename…', 'rename'],
  ['Move…', 'move'],
  ['Delete…', 'delete'],
] as const;

/** The root can be filled, but is not moved, renamed or deleted. */
function actionsOf(entry: Entry): readonly (readonly [name: string, action: EntryAction])[] {
  if (entry.type === 'file') return changes;
  return entry.directory.parent_id ? [...makes, ...changes] : makes;
}
