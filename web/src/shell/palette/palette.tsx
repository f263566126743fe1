import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { filesNamedQuery } from '../../files/file-queries.ts';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import {
  type PaletteItem,
  rank,
  useFileItems,
  useFixedItems,
  useLogItem,
} from './palette-items.tsx';

/** Cmd+K: files by name and path, logs by id, places and actions. */
export function Palette({
  onClose,
  openHelp,
}: {
  readonly onClose: () => void;
  readonly openHelp: () => void;
}) {
  return (
    <Dialog title="Search" onClose={onClose} isBare>
      <Finder onClose={onClose} openHelp={openHelp} />
    </Dialog>
  );
}

function Finder({
  onClose,
  openHelp,
}: {
  readonly onClose: () => void;
  readonly openHelp: () => void;
}) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const name = useDeferredValue(text.trim());
  const files = useQuery({ ...filesNamedQuery(name), placeholderData: (before) => before });
  const fixed = useFixedItems(openHelp);
  const items = [
    ...rank(fixed, text),
    ...useFileItems(files.data ?? []),
    ...useLogItem(text.trim()),
  ];
  const current = Math.min(active, items.length - 1);
  const choose = (item: PaletteItem | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  const move = (to: number) => setActive((to + items.length) % Math.max(1, items.length));
  return (
    <>
      <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3">
        <Search aria-hidden className="size-4 text-fg-3" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the reader pressed a key to type here
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${current}` : undefined}
          aria-label="Find a file, a log or an action"
          placeholder="Find a file, a log or an action"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={(event) => {
            const { key } = event;
            if (!['ArrowDown', 'ArrowUp', 'Enter'].includes(key)) return;
            event.preventDefault();
            if (key === 'Enter') choose(items[current]);
            else move(current + (key === 'ArrowDown' ? 1 : -1));
          }}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-fg-3"
        />
        <Kbd>Esc</Kbd>
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Found"
        className="overflow-y-auto p-1.5"
      >
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above
          <div
            key={item.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => choose(item)}
            onPointerMove={() => setActive(index)}
            className={cx(
              'flex h-8 cursor-default items-center gap-2 rounded-md px-2 coarse:h-11',
              index === current && 'bg-active',
            )}
          >
            {item.icon}
            <span className="truncate">{item.name}</span>
            <span className="ml-auto min-w-0 truncate pl-3 text-xs text-fg-3">{item.about}</span>
          </div>
        ))}
        {items.length === 0 && (
          <p className="px-2 py-3 text-center text-fg-3">
            {files.isFetching ? 'Looking…' : 'Nothing has this name.'}
          </p>
        )}
      </div>
    </>
  );
}
