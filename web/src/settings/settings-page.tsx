import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { Page } from '../shell/page.tsx';
import { settingsSections } from '../shell/settings-sections.ts';

/** The frame of the settings: links to all of them, and the one that is open. */
export function SettingsPage({
  title,
  about,
  children,
}: {
  readonly title: (typeof settingsSections)[number]['name'];
  /** In a sentence, what is set here. */
  readonly about: string;
  readonly children: ReactNode;
}) {
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another link
  useEffect(() => {
    // On a phone the links are a line that is longer than the screen.
    const open = nav.current?.querySelector('[aria-current=page]');
    open?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [title]);
  return (
    <Page title={title} crumbs={['Settings']}>
      <div className="flex min-h-0 flex-1 max-md:flex-col">
        <nav
          ref={nav}
          aria-label="Settings"
          className="shrink-0 border-line max-md:overflow-x-auto max-md:border-b max-md:px-2 max-md:py-1.5 md:w-44 md:border-r md:p-2"
        >
          <ul className="flex gap-0.5 md:flex-col">
            {settingsSections.map(({ to, name }) => (
              <li key={to}>
                <Link
                  to={to}
                  className="flex h-7 items-center rounded-md px-2 whitespace-nowrap text-fg-2 hover:bg-hover hover:text-fg aria-[current=page]:bg-active aria-[current=page]:font-medium aria-[current=page]:text-fg coarse:h-10"
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
          <div className="grid max-w-4xl content-start gap-6 p-4">
            <p className="text-fg-2">{about}</p>
            {children}
          </div>
        </div>
      </div>
    </Page>
  );
}

/** A part of a page of the settings. */
export function SettingsSection({
  title,
  about,
  action,
  children,
}: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="grid min-w-0 gap-2.5">
      <div className="flex min-h-7 items-center justify-between gap-3">
        <h2 className="text-base font-medium">{title}</h2>
        {action}
      </div>
      {about && <p className="-mt-1.5 max-w-2xl text-fg-3">{about}</p>}
      {children}
    </section>
  );
}
