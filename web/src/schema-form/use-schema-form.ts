import { useMemo, useState } from 'react';
import { type FieldSchema, type JsonSchema, readSchema } from './field-schema.ts';
import { type Faults, faultsOf, standardValue } from './form-value.ts';
import { UnreadableJson } from './unreadable-json.ts';

/** A form for a schema, while it is filled in. */
export interface SchemaFormState {
  readonly field: FieldSchema;
  /** What is in it now; undefined: nothing. */
  readonly value: unknown;
  /** What was wrong when it was last read, and still is. */
  readonly faults: Faults;
  readonly isJson: boolean;
  readonly showJson: (isJson: boolean) => void;
  readonly change: (value: unknown) => void;
  /** What may be sent; undefined when something is missing or wrong, which is then said at its field. */
  readonly read: () => { readonly value: unknown } | undefined;
}

/**
 * @param schema a JSON Schema; undefined: any JSON.
 * @param initial with what it begins; else with what the schema proposes.
 * @param onChange hears of each change.
 */
export function useSchemaForm(
  schema: JsonSchema | undefined,
  {
    initial,
    onChange,
  }: { readonly initial?: unknown; readonly onChange?: (value: unknown) => void } = {},
): SchemaFormState {
  const field = useMemo(() => readSchema(schema ?? {}), [schema]);
  const [given, setGiven] = useState<{ readonly value: unknown } | undefined>(
    initial === undefined ? undefined : { value: initial },
  );
  const [isJson, setJson] = useState(false);
  const [wasRead, setRead] = useState(false);
  const value = given ? given.value : standardValue(field);
  const faults = faultsOf(field, value);
  return {
    field,
    value,
    faults: wasRead ? faults : {},
    isJson,
    showJson: (next) => {
      // Text that is no JSON has no fields: it stays where it can be mended.
      if (value instanceof UnreadableJson) setRead(true);
      else setJson(next);
    },
    change: (next) => {
      setGiven({ value: next });
      onChange?.(next);
    },
    read: () => {
      setRead(true);
      return Object.keys(faults).length === 0 ? { value } : undefined;
    },
  };
}
