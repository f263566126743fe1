import { fieldLabels } from './field-text.ts';
import { defaults, type FieldName, fieldOf, fieldsOf, isSameValue, type Spec } from './spec.ts';

/** The fields that differ, in the order in which they are read. */
export function changedFields(before: Spec, after: Spec): readonly FieldName[] {
  return fieldsOf[after.kind].filter(
    (name) => !isSameValue(fieldOf(before, name), fieldOf(after, name)),
  );
}

/**
 * Whether all that changes is that defaults are written out, or that they are left out. Versions are the
 * same with a default or without; one that has written it out sends it for good.
 */
export function changeOfDefaults(before: Spec, after: Spec): 'written' | 'left' | undefined {
  const changed = changedFields(before, after);
  const isDefault = (value: unknown, name: FieldName) =>
    value === (defaults as Partial<Record<FieldName, unknown>>)[name];
  const isSame = changed.every((name) =>
    [before, after].every((spec) => {
      const value = fieldOf(spec, name);
      return value === undefined || isDefault(value, name);
    }),
  );
  if (changed.length === 0 || !isSame) return undefined;
  return changed.some((name) => fieldOf(after, name) !== undefined) ? 'written' : 'left';
}

/** The changes in a few words, for who gives no description: `Instructions and temperature changed`. */
export function changesInShort(before: Spec, after: Spec): string {
  const labels = changedFields(before, after).map((name) => fieldLabels[name]);
  const [first = '', ...others] = labels.map((label, place) =>
    place === 0 ? label : label.charAt(0).toLowerCase() + label.slice(1),
  );
  const last = others.pop();
  return labels.length === 0
    ? ''
    : `${[first, ...others].join(', ')}${last ? ` and ${last}` : ''} changed`;
}
