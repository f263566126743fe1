import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does: its name, and what its tooltip says. */
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string | undefined;
}

/** A button whose picture says what it does, and whose tooltip says it in words. */
export function IconButton({ label, shortcut, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      data-tip-key={shortcut}
      {...rest}
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-fg-3 transition-colors hover:bg-hover hover:text-fg disabled:pointer-events-none disabled:opacity-40 coarse:size-10',
        className,
      )}
    />
  );
}
