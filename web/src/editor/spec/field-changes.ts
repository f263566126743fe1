import { fieldLabels } from './field-text.ts';
import { type FieldName, fieldOf, fieldsOf, isSameValue, type Spec } from './spec.ts';

/** The fields that differ, in the order in which they are read. */
export function changedFields(before: Spec, after: Spec): readonly FieldName[] {
  return fieldsOf[after.kind].filter(
    (name) => !isSameValue(fieldOf(before, name), fieldOf(after, name)),
  );
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
