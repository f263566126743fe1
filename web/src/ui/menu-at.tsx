import { lazy, Suspense } from 'react';
import type { MenuEntry } from './menu-entry.ts';

const OpenMenu = lazy(async () => ({ default: (await import('./menu-content.tsx')).OpenMenu }));

/** A menu at a place of the window, as long as it is there: for a click with the other button. */
export function MenuAt({
  x,
  y,
  label,
  entries,
  onClose,
}: {
  readonly x: number;
  readonly y: number;
  /** What the menu is about. */
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  /** Called when it is to go; who opened it takes the focus back. */
  readonly onClose: () => void;
}) {
  return (
    <Suspense>
      <OpenMenu
        trigger={
          <button
            type="button"
            tabIndex={-1}
            aria-label={label}
            className="pointer-events-none fixed size-px opacity-0"
            style={{ left: x, top: y }}
          />
        }
        entries={entries}
        onClose={onClose}
      />
    </Suspense>
  );
}
