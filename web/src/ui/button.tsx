import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

const looks = {
  plain: 'border border-line bg-panel text-fg shadow-card hover:bg-sunken',
  primary: 'bg-accent text-accent-fg hover:brightness-95',
  ghost: 'text-fg-2 hover:bg-hover hover:text-fg',
  alarm: 'text-err hover:bg-err-soft',
  danger: 'border border-line bg-panel text-err shadow-card hover:bg-err-soft',
};

const sizes = { small: 'h-6 px-2 text-xs', medium: 'h-7 px-2.5 text-sm' };

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof looks;
  readonly size?: keyof typeof sizes;
}

export function Button({ look = 'plain', size = 'medium', className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50 coarse:h-10',
        sizes[size],
        looks[look],
        className,
      )}
    />
  );
}
