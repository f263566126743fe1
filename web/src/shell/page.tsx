import { useQuery } from '@tanstack/react-query';
import { useMatch } from '@tanstack/react-router';
import { ChevronRight, Menu } from 'lucide-react';
import { Fragment, type ReactNode, useEffect } from 'react';
import { sessionQuery } from '../session/session.ts';
import { ThemeButton } from '../theme/theme-button.tsx';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { keepFocus } from '../ui/keep-focus.ts';
import { useShell } from './shell-context.ts';
import { noteVisit } from './visits.ts';

/** The frame of a page: where it is, what can be done with it, and the page itself. */
export function Page({
  title,
  fileId,
  crumbs = [],
  heading,
  status,
  actions,
  children,
  className,
}: {
  /** The name of the page, for the window. */
  readonly title: string;
  /** The file that it is about; it is marked in the sidebar. */
  readonly fileId?: string | undefined;
  /** What it is in, from the outside in. On a phone they are left out. */
  readonly crumbs?: readonly ReactNode[];
  /** The name of the page in its head, if it is more than the title. */
  readonly heading?: ReactNode;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  const { openNavigation, showFile } = useShell();
  useEffect(() => showFile(fileId), [fileId, showFile]);
  useEffect(() => {
    document.title = `${title} · Loopwright`;
  }, [title]);
  useVisit(title, fileId);
  const { pathname } = useMatch({ strict: false });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link that led here may be gone
  useEffect(keepFocus, [pathname]);
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3 coarse:h-13">
        <IconButton label="Open navigation" onClick={openNavigation} className="-ml-1.5 lg:hidden">
          <Menu className="size-4" />
        </IconButton>
        <nav aria-label="Breadcrumb" className="min-w-0">
          <ol className="flex min-w-0 items-center gap-1.5 text-fg-2">
            {crumbs.map((crumb, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: crumbs have no other name than their place
              <Fragment key={index}>
                <li className="min-w-0 shrink-8 truncate max-md:hidden">{crumb}</li>
                <li aria-hidden className="max-md:hidden">
                  <ChevronRight className="size-3 text-fg-3" />
                </li>
              </Fragment>
            ))}
            <li aria-current="page" className="min-w-0 truncate">
              <h1 className="flex min-w-0 items-center gap-1.5 font-medium text-fg">
                {heading ?? title}
              </h1>
            </li>
          </ol>
        </nav>
        {status}
        <span className="flex-1" />
        {actions}
        <ThemeButton />
      </header>
      <main
        id="main"
        tabIndex={-1}
        className={cx('flex min-h-0 flex-1 flex-col outline-none', className)}
      >
        {children}
      </main>
    </div>
  );
}

/** Pages of files are noted, so that one can go on there. */
function useVisit(title: string, fileId: string | undefined): void {
  const { pathname: path, search } = useMatch({ strict: false });
  const memberId = useQuery(sessionQuery).data?.member.id;
  useEffect(() => {
    if (memberId !== undefined && fileId !== undefined) {
      noteVisit(memberId, { path, search, title, fileId });
    }
  }, [memberId, path, search, title, fileId]);
}
