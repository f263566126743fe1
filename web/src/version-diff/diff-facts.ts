import type { Fact } from './fact.ts';

/** What is different between two versions. */
export type Change =
  | {
      readonly type: 'value' | 'text' | 'code';
      readonly name: string;
      /** Undefined: it was not there. */
      readonly before: string | undefined;
      /** Undefined: it is not there any more. */
      readonly after: string | undefined;
    }
  | {
      readonly type: 'group';
      readonly name: string;
      readonly how: 'added' | 'removed' | 'changed';
      readonly changes: readonly Change[];
    };

/** The changes from one list of facts to another, in the order of the second; what is gone comes last. */
export function diffFacts(before: readonly Fact[], after: readonly Fact[]): readonly Change[] {
  const old = new Map(before.map((fact) => [fact.name, fact]));
  const names = new Set(after.map(({ name }) => name));
  return [
    ...after.flatMap((fact) => changeOf(old.get(fact.name), fact)),
    ...before.filter(({ name }) => !names.has(name)).flatMap((fact) => changeOf(fact, undefined)),
  ];
}

/** How many values differ. */
export function countChanges(changes: readonly Change[]): number {
  return changes.reduce(
    (sum, change) => sum + (change.type === 'group' ? countChanges(change.changes) : 1),
    0,
  );
}

function changeOf(before: Fact | undefined, after: Fact | undefined): readonly Change[] {
  // What became another kind of thing went away, and the new thing came.
  if (before && after && (before.type === 'group') !== (after.type === 'group')) {
    return [...changeOf(before, undefined), ...changeOf(undefined, after)];
  }
  const fact = after ?? before;
  if (!fact) return [];
  const { name } = fact;
  if (fact.type === 'group') {
    const changes = diffFacts(factsOf(before), factsOf(after));
    const how = !before ? 'added' : !after ? 'removed' : 'changed';
    return changes.length === 0 ? [] : [{ type: 'group', name, how, changes }];
  }
  const [old, next] = [shownOf(before), shownOf(after)];
  return old === next ? [] : [{ type: fact.type, name, before: old, after: next }];
}

function factsOf(fact: Fact | undefined): readonly Fact[] {
  return fact?.type === 'group' ? fact.facts : [];
}

function shownOf(fact: Fact | undefined): string | undefined {
  return fact && fact.type !== 'group' ? fact.value : undefined;
}
