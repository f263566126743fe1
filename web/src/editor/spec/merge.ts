import { changedFields } from './field-changes.ts';
import { type FieldName, fieldOf, isSameValue, type Spec, withField } from './spec.ts';

/** Two specs that were made of the same one, field by field. */
export interface Merge {
  /** What both agree on: fields that only one of them changed, or both alike. */
  readonly merged: Spec;
  /** Fields that both changed, and not alike. In `merged` they are as in `mine`. */
  readonly conflicts: readonly FieldName[];
}

/** Merges two specs by field. */
export function merge(base: Spec, mine: Spec, theirs: Spec): Merge {
  const ofMine = new Set(changedFields(base, mine));
  const ofTheirs = changedFields(base, theirs);
  const conflicts = ofTheirs.filter(
    (name) => ofMine.has(name) && !isSameValue(fieldOf(mine, name), fieldOf(theirs, name)),
  );
  const merged = ofTheirs
    .filter((name) => !ofMine.has(name))
    .reduce((spec, name) => withField(spec, name, fieldOf(theirs, name)), mine);
  return { merged, conflicts };
}
