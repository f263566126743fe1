import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

/** One of the things that can be chosen. Without a name its value is shown. */
export interface Choice<Value extends string = string> {
  readonly value: Value;
  readonly name?: string;
}

/** A choice of one. The list that opens is the browser's own, which every keyboard and phone knows. */
export function Select<Value extends string>({
  choices,
  onChange,
  className,
  ...rest
}: Omit<ComponentProps<'select'>, 'onChange' | 'value'> & {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <span className={cx('relative inline-flex min-w-0', className)}>
      <select
        {...rest}
        onChange={({ target }) => onChange(target.value as Value)}
        className="h-7 w-full min-w-0 appearance-none truncate rounded-md border border-line-strong bg-panel pr-6 pl-2 text-sm text-fg aria-invalid:border-err disabled:opacity-50 coarse:h-10 coarse:text-base"
      >
        {choices.map(({ value, name }) => (
          <option key={value} value={value}>
            {name ?? value}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-3 -translate-y-1/2 text-fg-3"
      />
    </span>
  );
}
