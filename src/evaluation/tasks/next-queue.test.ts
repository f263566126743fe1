import { expect, test } from 'vitest';
import type { TaskQueue } from './claim-queries.ts';
import { laneOf, nextQueue } from './next-queue.ts';

function queue(organizationId: string, more: Partial<TaskQueue> = {}): TaskQueue {
  return {
    organizationId,
    versionId: 'evv_1',
    forRun: false,
    dueAt: '2026-05-01T12:00:00.000000Z',
    evaluatorType: 'python',
    isWanted: true,
    ...more,
  };
}

test('organizations take turns, whatever waits for the others', () => {
  const queues = ['org_a', 'org_b', 'org_c'].map((id) => queue(id, { forRun: id === 'org_a' }));
  const turns: string[] = [];
  let last = '';
  for (let turn = 0; turn < 5; turn++) {
    last = nextQueue(queues, last)?.organizationId ?? '';
    turns.push(last);
  }
  expect(turns).toEqual(['org_a', 'org_b', 'org_c', 'org_a', 'org_b']);
  expect(nextQueue(queues, 'org_bb')?.organizationId).toBe('org_c');
  expect(nextQueue([], 'org_a')).toBeUndefined();
});

test('of one organization Runs come first, and then what waits longest', () => {
  const early = { dueAt: '2026-05-01T11:00:00.000000Z' };
  const queues = [
    queue('org_a', { versionId: 'monitors', ...early }),
    queue('org_a', { versionId: 'later', forRun: true }),
    queue('org_a', { versionId: 'earlier', forRun: true, ...early }),
  ];
  expect(nextQueue(queues, '')?.versionId).toBe('earlier');
  expect(nextQueue(queues.slice(0, 2), '')?.versionId).toBe('later');
});

test('only evaluators that the server runs, and that are there, have a lane', () => {
  const laneOfType = (more: Partial<TaskQueue>) => laneOf(queue('org_a', more));
  expect(laneOfType({ evaluatorType: 'python' })).toBe('python');
  expect(laneOfType({ evaluatorType: 'llm' })).toBe('llm');
  expect(laneOfType({ evaluatorType: 'human' })).toBeUndefined();
  expect(laneOfType({ evaluatorType: null, isWanted: false })).toBeUndefined();
  expect(laneOfType({ isWanted: false })).toBeUndefined();
});
