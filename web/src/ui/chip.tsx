import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A short fact beside a name: a version, an environment. */
export function Chip({
  children,
  isMono = false,
  title,
  className,
}: {
  readonly children: ReactNode;
  readonly isMono?: boolean;
  readonly title?: string | undefined;
  readonly className?: string;
}) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex h-5 min-w-0 items-center gap-1 rounded-[5px] border border-line bg-sunken px-1.5 text-2xs whitespace-nowrap text-fg-2',
        isMono && 'font-mono',
        className,
      )}
    >
      {children}
    </span>
  );
}
