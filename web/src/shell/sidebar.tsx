import { Link, type LinkProps } from '@tanstack/react-router';
import { CircleHelp, Home, PanelLeft, ScrollText, Search, Settings } from 'lucide-react';
import type { ComponentType, MouseEvent } from 'react';
import { keysOf } from '../keyboard/shortcuts.ts';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { LogoMark } from '../ui/logo-mark.tsx';
import { AccountMenu } from './account-menu.tsx';
import { FileTree } from './file-tree.tsx';
import { useShell } from './shell-context.ts';
import { useOrganization } from './use-organization.ts';

const places: readonly {
  readonly to: LinkProps['to'];
  readonly label: string;
  readonly icon: ComponentType<{ className?: string }>;
  readonly isExact?: boolean;
}[] = [
  { to: '/', label: 'Home', icon: Home, isExact: true },
  { to: '/logs', label: 'All logs', icon: ScrollText, isExact: true },
  { to: '/settings', label: 'Settings', icon: Settings },
];

/** The way to everything: search, the places, the files. Folded, it keeps the icons. */
export function Sidebar({
  isFolded,
  onFold,
  onLeave,
}: {
  readonly isFolded: boolean;
  readonly onFold?: () => void;
  /** Called when a link was followed. */
  readonly onLeave?: () => void;
}) {
  const { openPalette, openHelp } = useShell();
  const organization = useOrganization();
  const leaveByLink = (event: MouseEvent) => {
    if ((event.target as Element).closest('a')) onLeave?.();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: links in it are pressed; this only hears of it
    <aside
      aria-label="Sidebar"
      onClick={leaveByLink}
      className={cx(
        'flex h-full min-h-0 shrink-0 flex-col',
        onFold && 'border-r border-line',
        onFold && (isFolded ? 'w-12' : 'w-57'),
      )}
    >
      <div
        className={cx(
          'flex h-11 shrink-0 items-center gap-2',
          isFolded ? 'justify-center' : 'pr-2 pl-3',
        )}
      >
        {!isFolded && (
          <>
            <LogoMark />
            <span className="min-w-0 flex-1 truncate font-semibold">{organization}</span>
          </>
        )}
        {onFold && (
          <IconButton
            label={isFolded ? 'Unfold the sidebar' : 'Fold the sidebar'}
            shortcut={keysOf('sidebar')}
            onClick={onFold}
          >
            <PanelLeft className="size-3.5" />
          </IconButton>
        )}
      </div>
      <div className="px-2 pb-2">
        {isFolded ? (
          <IconButton label="Search" shortcut={keysOf('palette')} onClick={openPalette}>
            <Search className="size-4" />
          </IconButton>
        ) : (
          <button
            type="button"
            onClick={() => {
              onLeave?.();
              openPalette();
            }}
            className="flex h-7 w-full items-center gap-2 rounded-md border border-line bg-panel px-2 text-fg-3 shadow-card coarse:h-10"
          >
            <Search aria-hidden className="size-3.5" />
            <span className="flex-1 text-left">Search</span>
            <Kbd>{keysOf('palette')}</Kbd>
          </button>
        )}
      </div>
      <nav aria-label="Places" className="px-2">
        <ul>
          {places.map((place) => (
            <li key={place.label}>
              <PlaceLink {...place} isFolded={isFolded} />
            </li>
          ))}
        </ul>
      </nav>
      {isFolded ? <div className="flex-1" /> : <FileTree />}
      <div
        className={cx(
          'flex shrink-0 items-center border-t border-line',
          isFolded ? 'flex-col py-1.5' : 'h-11 pr-2 pl-2',
        )}
      >
        <AccountMenu isFolded={isFolded} />
        <IconButton label="Keyboard shortcuts" shortcut={keysOf('help')} onClick={openHelp}>
          <CircleHelp className="size-3.5" />
        </IconButton>
      </div>
    </aside>
  );
}

function PlaceLink({
  to,
  label,
  icon: Icon,
  isExact = false,
  isFolded,
}: (typeof places)[number] & { readonly isFolded: boolean }) {
  return (
    <Link
      to={to ?? '/'}
      activeOptions={{ exact: isExact, includeSearch: false }}
      aria-label={isFolded ? label : undefined}
      data-tip={isFolded ? label : undefined}
      className={cx(
        'flex h-7 items-center gap-2 rounded-md px-2 text-fg-2 hover:bg-hover hover:text-fg aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-fg coarse:h-11',
        isFolded && 'justify-center px-0',
      )}
    >
      <Icon className="size-3.5 shrink-0" />
      {!isFolded && label}
    </Link>
  );
}
