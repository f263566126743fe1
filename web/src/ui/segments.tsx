import { cx } from './cx.ts';

/** A choice between a few ways to look at the same thing, all of them in sight. */
export function Segments<Value extends string>({
  label,
  value,
  choices,
  onChange,
  className,
}: {
  /** What is chosen: read out, and not shown. */
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly {
    readonly value: Value;
    readonly name: string;
    /** The key that does the same. */
    readonly shortcut?: string | undefined;
  }[];
  readonly onChange: (value: Value) => void;
  readonly className?: string;
}) {
  return (
    <fieldset className={cx('flex rounded-lg bg-active p-0.5 dark:bg-hover', className)}>
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          title={choice.shortcut}
          onClick={() => onChange(choice.value)}
          className="h-6 flex-auto rounded-md px-2.5 text-xs text-fg-2 hover:text-fg aria-pressed:bg-panel aria-pressed:font-medium aria-pressed:text-fg aria-pressed:shadow-card dark:aria-pressed:bg-active coarse:h-10 coarse:text-sm"
        >
          {choice.name}
        </button>
      ))}
    </fieldset>
  );
}
