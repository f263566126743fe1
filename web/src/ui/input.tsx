import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      {...rest}
      className={cx(
        'h-7 w-full min-w-0 rounded-md border border-line-strong bg-panel px-2 text-sm placeholder:text-fg-3 read-only:bg-sunken read-only:text-fg-2 aria-invalid:border-err disabled:opacity-60 coarse:h-10 coarse:text-base',
        className,
      )}
    />
  );
}
