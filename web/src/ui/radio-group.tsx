import { useId } from 'react';

/** One of a few, all in view. */
export function RadioGroup<T extends string>({
  label,
  value,
  onChange,
  options,
}: {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly name: string; readonly hint?: string }[];
}) {
  const name = useId();
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-xs font-medium text-fg-2">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="flex min-h-6 items-baseline gap-2 coarse:min-h-10 coarse:items-center"
        >
          <input
            type="radio"
            name={name}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
            className="size-3.5 shrink-0 translate-y-0.5 accent-accent coarse:translate-y-0"
          />
          <span>
            {option.name}
            {option.hint && <span className="text-fg-3"> · {option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
