import { lazy, type ReactElement } from 'react';
import type { MenuEntry } from './menu-entry.ts';
import { Opener, type OpenerProps } from './opener.tsx';

/** Loaded with the first menu that is opened. */
const OpenMenu = lazy(async () => ({ default: (await import('./menu-content.tsx')).OpenMenu }));

/** A menu that a button opens. */
export function Menu({
  trigger,
  entries,
}: {
  readonly trigger: ReactElement<OpenerProps>;
  /** Asked for when the menu is open. */
  readonly entries: () => readonly MenuEntry[];
}) {
  return (
    <Opener trigger={trigger} opens="menu">
      {(close) => <OpenMenu trigger={trigger} entries={entries()} onClose={close} />}
    </Opener>
  );
}
