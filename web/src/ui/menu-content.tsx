import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement } from 'react';
import type { MenuEntry } from './menu-entry.ts';

/** The open menu at its button. */
export function OpenMenu({
  trigger,
  entries,
  onClose,
}: {
  readonly trigger: ReactElement;
  readonly entries: readonly MenuEntry[];
  readonly onClose: () => void;
}) {
  return (
    <Radix.Root modal={false} open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-lg bg-panel p-1 shadow-pop"
        >
          {entries.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two lines may have the same name
            <Entry key={index} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const look =
  'flex h-7 cursor-default items-center gap-2 rounded-md px-2 text-sm outline-none data-highlighted:bg-active coarse:h-10';

function Entry({ entry }: { readonly entry: MenuEntry }) {
  switch (entry.type) {
    case 'heading':
      return (
        <Radix.Label className="px-2 pt-1.5 pb-0.5 text-2xs text-fg-3">{entry.name}</Radix.Label>
      );
    case 'action':
      return (
        // After the menu has closed: what the action opens gives the focus back to the button.
        <Radix.Item onSelect={() => queueMicrotask(entry.run)} className={look}>
          {entry.name}
        </Radix.Item>
      );
    case 'switch':
      return (
        <Radix.CheckboxItem
          checked={entry.isOn}
          onCheckedChange={entry.change}
          // The menu stays open, since more than one may be chosen.
          onSelect={(event) => event.preventDefault()}
          className={look}
        >
          <span
            aria-hidden
            className="grid size-3.5 place-items-center rounded-[4px] border border-line-strong"
          >
            <Radix.ItemIndicator className="size-2 rounded-[2px] bg-accent" />
          </span>
          {entry.name}
        </Radix.CheckboxItem>
      );
  }
}
