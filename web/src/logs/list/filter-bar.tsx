import { ListFilter, Search, X } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useId, useRef, useState } from 'react';
import { kinds } from '../../files/kinds.ts';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { statusWords } from '../trace/span-words.ts';
import { chipsOf } from './filter-chips.ts';
import { type ChangeSearch, type ListSearch, logKinds, spans, statuses } from './list-search.ts';
import { ViewsMenu } from './views-menu.tsx';

/** Loaded with the first filter that is written. */
const FilterDialog = lazy(async () => ({
  default: (await import('./filter-dialog.tsx')).FilterDialog,
}));

/** Milliseconds after the last letter until it is searched. */
const typingMs = 250;

/** What the list is narrowed to: a search, and a chip for each filter. All of it is in the address. */
export function FilterBar({
  search,
  onChange,
  onChoose,
  tools,
}: {
  readonly search: ListSearch;
  readonly onChange: ChangeSearch;
  /** Called with all that a saved view says. */
  readonly onChoose: (search: ListSearch) => void;
  /** What else can be done with the list. */
  readonly tools: ReactNode;
}) {
  const id = useId();
  const [isWriting, setWriting] = useState(false);
  useShortcuts({ filter: () => document.getElementById(id)?.click() });
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-1.5 border-b border-line bg-panel px-3 py-1.5">
      <ViewsMenu search={search} onChoose={onChoose} />
      <SearchField
        text={search.search ?? ''}
        onChange={(text) => onChange({ search: text || undefined })}
      />
      {chipsOf(search).map(({ name, what, remove }) => (
        <span
          key={name}
          className="inline-flex h-7 items-center rounded-md border max-md:order-1 border-line bg-sunken pl-2 text-xs coarse:h-10"
        >
          <span className="text-fg-3">{name}&nbsp;</span>
          <span className="max-w-48 truncate font-medium">{what}</span>
          <IconButton
            label={`Remove the filter ${name}`}
            className="size-6"
            onClick={() => onChange(remove)}
          >
            <X className="size-3" />
          </IconButton>
        </span>
      ))}
      <Menu
        trigger={
          <Button id={id} look="ghost">
            <ListFilter aria-hidden className="size-3.5" />
            Filter
            <Kbd>{keysOf('filter')}</Kbd>
          </Button>
        }
        entries={() => [
          ...entriesOf(search, onChange),
          { type: 'heading', name: 'More' },
          {
            type: 'action',
            name: 'Environment, user, cost, time…',
            run: () => setWriting(true),
          },
        ]}
      />
      <span className="flex-1 max-md:hidden" />
      {tools}
      {isWriting && (
        <Suspense>
          <FilterDialog search={search} onChange={onChange} onClose={() => setWriting(false)} />
        </Suspense>
      )}
    </div>
  );
}

function entriesOf(search: ListSearch, change: ChangeSearch): readonly MenuEntry[] {
  return [
    { type: 'heading', name: 'Status' },
    ...statuses.map((status) => ({
      type: 'switch' as const,
      name: statusWords[status],
      isOn: search.status?.includes(status) ?? false,
      change: (isOn: boolean) => change({ status: toggled(search.status, status, isOn) }),
    })),
    { type: 'heading', name: 'Kind' },
    ...logKinds.map((kind) => ({
      type: 'switch' as const,
      name: kinds[kind].label,
      isOn: search.type?.includes(kind) ?? false,
      change: (isOn: boolean) => change({ type: toggled(search.type, kind, isOn) }),
    })),
    { type: 'heading', name: 'Time' },
    ...(Object.keys(spans) as (keyof typeof spans)[]).map((last) => ({
      type: 'action' as const,
      name: `Last ${last}`,
      run: () => change({ last, start_date: undefined, end_date: undefined }),
    })),
    { type: 'heading', name: 'Place' },
    {
      type: 'switch',
      name: 'Also logs below others',
      isOn: search.nested ?? false,
      change: (isOn) => change({ nested: isOn || undefined }),
    },
  ];
}

/** Searches when the typing pauses. */
function SearchField({
  text,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({ search: () => field.current?.focus() });
  // Back, and links, change it from outside.
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onChange(typed), typingMs);
    return () => clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <label className="flex h-7 w-56 items-center gap-2 rounded-md border border-line bg-panel px-2 text-fg-3 shadow-card focus-within:border-accent max-md:min-w-40 max-md:flex-1 coarse:h-10">
      <Search aria-hidden className="size-3.5 shrink-0" />
      <input
        ref={field}
        type="search"
        aria-label="Search inputs and outputs"
        placeholder="Search inputs and outputs"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        className="min-w-0 flex-1 bg-transparent text-fg outline-none placeholder:text-fg-3 [&::-webkit-search-cancel-button]:hidden"
      />
      {typed === '' && <Kbd>{keysOf('search')}</Kbd>}
    </label>
  );
}

function toggled<T>(list: readonly T[] = [], item: T, isOn: boolean): readonly T[] | undefined {
  const next = isOn ? [...list, item] : list.filter((other) => other !== item);
  return next.length > 0 ? next : undefined;
}
