import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useShortcuts } from '../keyboard/use-shortcuts.ts';
import { useEndedSession } from '../session/ended-session.ts';
import { forgetSession } from '../session/sign-in.ts';
import { useKeptTheme } from '../session/use-kept-theme.ts';
import { copyText } from '../ui/copy-text.ts';
import { toast } from '../ui/toasts.tsx';
import { useStored } from '../ui/use-stored.ts';
import { useWide } from '../ui/use-wide.ts';
import { ShellContext } from './shell-context.ts';
import { Sidebar } from './sidebar.tsx';

// What lies over the page is loaded when it is opened for the first time.
const loadPalette = () => import('./palette/palette.tsx');
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const ShortcutHelp = lazy(async () => ({
  default: (await import('../keyboard/shortcut-help.tsx')).ShortcutHelp,
}));
const SignInAgain = lazy(async () => ({
  default: (await import('../session/sign-in-again.tsx')).SignInAgain,
}));
const NavigationSheet = lazy(async () => ({
  default: (await import('./navigation-sheet.tsx')).NavigationSheet,
}));

/** What is around every page of who is signed in: the sidebar, the palette, the help. */
export function Shell({ children }: { readonly children?: ReactNode }) {
  const [open, setOpen] = useState<'navigation' | 'palette' | 'help'>();
  const [openFile, showFile] = useState<string>();
  const [isFolded, setFolded] = useStored('sidebar-folded', false);
  const isWide = useWide(1024);
  const navigate = useNavigate();
  useKeptTheme();
  useEffect(() => {
    // Ready before it is asked for: who presses its keys goes on typing.
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), 1_000);
    return () => clearTimeout(timer);
  }, []);
  useShortcuts({
    palette: () => setOpen((now) => (now === 'palette' ? undefined : 'palette')),
    help: () => setOpen('help'),
    sidebar: () => setFolded(!isFolded),
    copyLink: () => void copyText(location.href).then(() => toast('Link copied')),
    goHome: () => void navigate({ to: '/' }),
    goLogs: () => void navigate({ to: '/logs' }),
    goSettings: () => void navigate({ to: '/settings' }),
  });
  const hasEnded = useEndedSession() !== undefined;
  const signInAsAnother = () => void forgetSession(() => navigate({ to: '/login' }));
  const close = () => setOpen(undefined);
  const parts = {
    openNavigation: () => setOpen('navigation'),
    openPalette: () => setOpen('palette'),
    openHelp: () => setOpen('help'),
    openFile,
    showFile,
  };
  return (
    <ShellContext value={parts}>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-panel px-3 py-2 shadow-pop focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <div className="flex h-full">
        {isWide && <Sidebar isFolded={isFolded} onFold={() => setFolded(!isFolded)} />}
        {children ?? <Outlet />}
      </div>
      <Suspense>
        {open === 'palette' && <Palette onClose={close} openHelp={parts.openHelp} />}
        {open === 'help' && <ShortcutHelp onClose={close} />}
        {open === 'navigation' && !isWide && <NavigationSheet onClose={close} />}
        {hasEnded && <SignInAgain onLeave={signInAsAnother} />}
      </Suspense>
    </ShellContext>
  );
}
