import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../database/workspace.ts';
import { placeBelow, type RunLimits, withinRunLimit } from './run-limits.ts';
import { RunsUnderWay } from './runs-under-way.ts';

const limits = { atOnce: undefined, atOnceHere: 2 } as RunLimits;
const [ours, theirs] = ['org_1', 'org_2'].map(
  (organizationId) => ({ organizationId }) as Workspace,
) as [Workspace, Workspace];

describe('without a limit that was set', () => {
  const begun = () => {
    const underWay = new RunsUnderWay();
    const ends: (() => void)[] = [];
    const begin = (workspace: Workspace) =>
      withinRunLimit({ parts: { runLimits: limits }, underWay }, workspace, async (own) => {
        await new Promise<void>((resolve) => ends.push(resolve));
        return own.organizationId;
      });
    return { underWay, ends, begin };
  };

  test('a server begins so many runs of an organization at once, and not one more', async () => {
    const { ends, begin } = begun();
    const two = [begin(ours), begin(ours)];
    await expect(begin(ours)).rejects.toMatchObject({
      category: 'too_many',
      code: 'too_many_runs',
      message: expect.stringContaining('already has 2 runs of your organization'),
    });
    const other = begin(theirs);
    for (const end of ends) end();
    expect(await Promise.all([...two, other])).toEqual(['org_1', 'org_1', 'org_2']);
  });

  test('one that has begun, or could not, gives its place back', async () => {
    const { underWay, ends, begin } = begun();
    const first = begin(ours);
    expect(underWay.of('org_1')).toBe(1);
    for (const end of ends) end();
    await first;
    expect(underWay.of('org_1')).toBe(0);
    const failing = withinRunLimit({ parts: { runLimits: limits }, underWay }, ours, async () => {
      throw new Error('It cannot.');
    });
    await expect(failing).rejects.toThrow('It cannot.');
    expect(underWay.of('org_1')).toBe(0);
  });
});

describe('below a run', () => {
  const places = (more: Partial<RunLimits>, count: number) => {
    const underWay = new RunsUnderWay();
    return Array.from({ length: count }, () =>
      placeBelow({ ...limits, ...more }, underWay, 'org_1'),
    );
  };

  test('the last place is given, and after it a reason that names the setting', () => {
    const [first, second, refusal] = places({}, 3);
    expect([first, second].map((place) => typeof place)).toEqual(['function', 'function']);
    expect(refusal).toMatch(/already has 2 runs .*\(RUN_CONCURRENCY_PER_ORGANIZATION\)\.$/);
  });

  test('there are as many places as the larger limit has', () => {
    expect(places({ atOnce: 4 }, 5).map((place) => typeof place)).toEqual([
      ...Array.from({ length: 4 }, () => 'function'),
      'string',
    ]);
    expect(typeof places({ atOnce: 1 }, 2)[1]).toBe('function');
  });

  test('a place that is given back twice is free once', () => {
    const underWay = new RunsUnderWay();
    const [a, b] = [1, 2].map(() => placeBelow(limits, underWay, 'org_1')) as [
      () => void,
      () => void,
    ];
    a();
    a();
    expect(underWay.of('org_1')).toBe(1);
    expect(underWay.of('org_2')).toBe(0);
    b();
    expect(underWay.of('org_1')).toBe(0);
  });
});
