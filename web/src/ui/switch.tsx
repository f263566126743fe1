import type { ReactNode } from 'react';

/** Something that is on or off, and is so at once. */
export function Switch({
  checked,
  onChange,
  children,
  disabled = false,
}: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Its name. */
  readonly children: ReactNode;
  readonly disabled?: boolean;
}) {
  return (
    <label className="flex min-h-6 items-center gap-2 has-disabled:opacity-60 coarse:min-h-10">
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        onChange={({ target }) => onChange(target.checked)}
        className="relative h-4 w-7 shrink-0 cursor-pointer appearance-none rounded-full border border-fg-3 transition-colors before:absolute before:top-0.5 before:left-0.5 before:size-2.5 before:rounded-full before:bg-fg-3 before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-3 checked:before:bg-accent-fg"
      />
      {children}
    </label>
  );
}
