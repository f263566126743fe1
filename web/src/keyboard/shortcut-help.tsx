import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { shortcuts, shown } from './shortcuts.ts';

/** All shortcuts, from the table that binds them. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const groups = Map.groupBy(Object.entries(shortcuts), ([, { group }]) => group);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div tabIndex={0} className="gap-6 overflow-y-auto p-4 sm:columns-2">
        {[...groups].map(([group, entries]) => (
          <section key={group} className="mb-5 break-inside-avoid last:mb-0">
            <h3 className="mb-1.5 text-2xs font-medium text-fg-3">{group}</h3>
            <dl className="grid gap-1">
              {entries.map(([name, { says, keys }]) => (
                <div key={name} className="flex min-h-6 items-center justify-between gap-3">
                  <dt>{says}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{shown(key)}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
