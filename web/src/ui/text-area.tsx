import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

/** A field for text of several lines; it grows with what is in it, up to two thirds of the window. */
export function TextArea({ className, rows = 2, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={rows}
      {...rest}
      className={cx(
        'field-sizing-content max-h-[66vh] w-full min-w-0 resize-none rounded-md border border-line-strong bg-panel px-2 py-1 text-sm placeholder:text-fg-3 aria-invalid:border-err disabled:opacity-60 coarse:text-base',
        className,
      )}
    />
  );
}
