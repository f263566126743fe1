import type { FileKind } from '../api/types.ts';
import { type Change, diffFacts } from './diff-facts.ts';
import { type Spec, sectionsOf } from './spec-facts.ts';

/** A part of a version in which something is different. */
export interface ChangedSection {
  readonly name: string;
  readonly changes: readonly Change[];
}

/** What is different between two versions of a kind, by part and by field. */
export function diffSpecs(kind: FileKind, before: Spec, after: Spec): readonly ChangedSection[] {
  return sectionsOf(kind)
    .map(({ name, facts }) => ({ name, changes: diffFacts(facts(before), facts(after)) }))
    .filter(({ changes }) => changes.length > 0);
}
