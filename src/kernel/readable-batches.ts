/** Something that is to be read, and how many bytes it has at the most. */
export interface Sized {
  readonly id: string;
  readonly bytes: number;
  /** What is read once for all of a group that share it. */
  readonly shared?: { readonly id: string; readonly bytes: number };
}

/**
 * Groups what is to be read, so that each group can be in memory: together its members have at most
 * 8 MB, or it has one member.
 *
 * @returns the ids of each group, in the given order.
 */
export function readableBatches(all: readonly Sized[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let held = 0;
  let shared = new Set<string>();
  for (const sized of all) {
    const adds = sized.bytes + (shared.has(sized.shared?.id ?? '') ? 0 : sharedBytes(sized));
    const group = groups.at(-1);
    if (group && held + adds <= mostHeld) {
      group.push(sized.id);
      held += adds;
    } else {
      groups.push([sized.id]);
      held = sized.bytes + sharedBytes(sized);
      shared = new Set();
    }
    if (sized.shared) shared.add(sized.shared.id);
  }
  return groups;
}

/** It takes some tens of milliseconds to read and write so much, during which nobody else is served. */
export const mostHeld = 8 * 1024 * 1024;

function sharedBytes({ shared }: Sized): number {
  return shared?.bytes ?? 0;
}
