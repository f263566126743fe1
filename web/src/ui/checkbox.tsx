import { type ReactNode, useId } from 'react';

/** Something that is so or not, with its name beside it and what it means below. */
export function Checkbox({
  checked,
  onChange,
  children,
  hint,
  disabled = false,
}: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Its name. */
  readonly children: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}) {
  const hintId = useId();
  return (
    <div>
      <label className="flex min-h-6 items-center gap-2 has-disabled:opacity-60 coarse:min-h-10">
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          aria-describedby={hint ? hintId : undefined}
          onChange={({ target }) => onChange(target.checked)}
          className="size-3.5 shrink-0 accent-accent"
        />
        {children}
      </label>
      {hint && (
        <p id={hintId} className="pl-5.5 text-xs text-fg-3">
          {hint}
        </p>
      )}
    </div>
  );
}
