import { Bookmark, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useStored } from '../../ui/use-stored.ts';
import type { ListSearch } from './list-search.ts';
import { canBeSaved, type SavedView, standardViews, viewOf } from './views.ts';

/** Loaded with the first view that is saved. */
const SaveView = lazy(async () => ({ default: (await import('./save-view.tsx')).SaveView }));

/** Filters under a name: those that everybody has, and those that were saved in this browser. */
export function ViewsMenu({
  search,
  onChoose,
}: {
  readonly search: ListSearch;
  readonly onChoose: (search: ListSearch) => void;
}) {
  const [mine, setMine] = useStored<readonly SavedView[]>('log-views', []);
  const [isSaving, setSaving] = useState(false);
  const current = viewOf(search, [...standardViews, ...mine]);
  const choosing = (view: SavedView) => ({
    type: 'action' as const,
    name: view.name,
    run: () => onChoose(view.search),
  });
  const isMine = current !== undefined && mine.includes(current);
  return (
    <>
      <Menu
        trigger={
          <Button aria-label={`View: ${current?.name ?? 'not saved'}`}>
            <Bookmark aria-hidden className="size-3.5 text-fg-3" />
            <span className="max-w-32 truncate">{current?.name ?? 'View'}</span>
            <ChevronDown aria-hidden className="size-3 text-fg-3" />
          </Button>
        }
        entries={() => [
          ...standardViews.map(choosing),
          { type: 'heading', name: 'Yours, in this browser' },
          ...mine.map(choosing),
          ...(current === undefined && canBeSaved(search)
            ? [{ type: 'action' as const, name: 'Save this view…', run: () => setSaving(true) }]
            : []),
          ...(isMine
            ? [
                {
                  type: 'action' as const,
                  name: `Forget “${current.name}”`,
                  run: () => {
                    setMine(mine.filter((view) => view !== current));
                    toast('View forgotten', {
                      action: { name: 'Undo', run: () => setMine(mine) },
                    });
                  },
                },
              ]
            : []),
          ...(mine.length === 0 && !canBeSaved(search)
            ? [{ type: 'heading' as const, name: 'Filter, and save it here' }]
            : []),
        ]}
      />
      {isSaving && (
        <Suspense>
          <SaveView
            search={search}
            taken={[...standardViews, ...mine].map(({ name }) => name)}
            onSave={(name) => {
              const { peek, ...kept } = search;
              setMine([...mine, { name, search: kept }]);
            }}
            onClose={() => setSaving(false)}
          />
        </Suspense>
      )}
    </>
  );
}
