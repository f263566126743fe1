import { type ReactNode, useId } from 'react';

/** A field with its name above it, and what is wrong with it below. */
export function Field({
  label,
  hint,
  fault,
  children,
}: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly children: (attributes: {
    readonly id: string;
    readonly 'aria-invalid': boolean;
    readonly 'aria-describedby': string | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  const about = fault || hint ? `${id}-about` : undefined;
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="text-xs font-medium text-fg-2">
        {label}
      </label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': about })}
      {about && (
        <p id={about} className={fault ? 'text-xs text-err' : 'text-xs text-fg-3'}>
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}
