import type { FieldSchema } from './field-schema.ts';
import type { Faults, FieldPath } from './form-value.ts';

/** What every field of a form is given. */
export interface FieldProps<Type extends FieldSchema['type'] = FieldSchema['type']> {
  readonly field: Extract<FieldSchema, { type: Type }>;
  readonly path: FieldPath;
  /** Undefined: nothing is given. */
  readonly value: unknown;
  /** Of the whole form. */
  readonly faults: Faults;
  readonly onChange: (value: unknown) => void;
}

/** The name of a field; one that may be left out says so. */
export function nameOf({ label, isRequired }: FieldSchema): string {
  return isRequired ? label : `${label} (optional)`;
}
