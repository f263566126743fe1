import { type ReactNode, useEffect } from 'react';
import { ThemeButton } from '../theme/theme-button.tsx';
import { cx } from '../ui/cx.ts';
import { keepFocus } from '../ui/keep-focus.ts';
import { LogoMark } from '../ui/logo-mark.tsx';

/** The frame of the pages before one is signed in. */
export function EntryPage({
  title,
  step,
  isWide = false,
  children,
}: {
  readonly title: string;
  /** Which step it is, of how many. */
  readonly step?: readonly [number, number];
  /** Whether it shows commands. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Loopwright`;
  }, [title]);
  // The button of the step before is gone.
  useEffect(keepFocus, []);
  return (
    <div className="flex min-h-full flex-col">
      <header className="flex h-11 items-center justify-end px-3">
        <ThemeButton />
      </header>
      <main
        tabIndex={-1}
        className={cx(
          'mx-auto grid w-full flex-1 content-start gap-4 px-4 pt-[12vh] pb-8 outline-none',
          isWide ? 'max-w-160' : 'max-w-88',
        )}
      >
        <div className="flex items-center gap-2">
          <LogoMark />
          <span className="flex-1 font-semibold">Loopwright</span>
          {step && (
            <span className="text-xs text-fg-3">
              Step {step[0]} of {step[1]}
            </span>
          )}
        </div>
        <h1 className="text-lg font-semibold">{title}</h1>
        {children}
      </main>
    </div>
  );
}
