import { expect, test } from 'vitest';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { eventLeap } from '../leases/takeover-queries.ts';
import { Outbox } from './outbox.ts';
import type { Happening } from './run-event.ts';
import type { NumberedStoredEvent } from './stored-event.ts';

const openedAt = '2026-05-01T12:00:00.000000Z';
const now = new Date('2026-05-01T12:00:05Z');

function outbox({ isStored = true, eventCount = 0 } = {}): Outbox {
  return new Outbox({
    workspace: {} as Workspace,
    lease: { logId: 'log', token: 1 },
    version: {} as FileVersion,
    clock: { now: () => now },
    eventCount,
    openedAt,
    isStored,
  });
}

const said = (delta: string): Happening => ({ type: 'agent_update', delta });
const noFlush = () => Promise.reject(new Error('Nothing needs to be flushed.'));

/** The numbers of the events of a row. */
const numbers = (events: readonly NumberedStoredEvent[]) => events.map(({ number }) => number);

/** Writes a step without events, and answers the numbers of what was written with it. */
async function written(box: Outbox, happenings: readonly Happening[] = []): Promise<number[]> {
  const found: number[] = [];
  await box.writeStep(happenings, 1, async (events) => void found.push(...numbers(events)));
  return found;
}

test('events are numbered in their order, from where the run was', async () => {
  const box = outbox({ eventCount: 7 });
  const events = [await box.emit(said('a'), 0, noFlush), await box.emit(said('b'), 0, noFlush)];
  expect(events).toMatchObject([
    { number: 8, delta: 'a', logId: 'log', at: '2026-05-01T12:00:05.000000Z' },
    { number: 9, delta: 'b' },
  ]);
  expect(box.eventCount).toBe(9);
});

test('the event that opens a run has the time of the call, and is not written again', async () => {
  const box = outbox();
  const opening = await box.emit({ type: 'agent_turn_start' }, 0, noFlush);
  expect(opening).toMatchObject({ number: 1, at: openedAt });
  expect(box.isReady).toBe(false);
  expect(await written(box, [said('a')])).toEqual([2]);
});

test('a step is written after the events that came before it, each of them once', async () => {
  const box = outbox();
  await box.emit(said('a'), 0, noFlush);
  await box.emit(said('b'), 0, noFlush);
  expect(box.isReady).toBe(true);
  expect(await written(box, [said('c'), said('d')])).toEqual([1, 2, 3, 4]);
  expect(box.isReady).toBe(false);
  expect(await written(box)).toEqual([]);
});

test('a step that could not be written leaves what came before it, and gives its numbers back', async () => {
  const box = outbox();
  await box.emit(said('a'), 0, noFlush);
  const failing = box.writeStep([said('b'), said('c')], 1, () => Promise.reject(new Error('No.')));
  await expect(failing).rejects.toThrow('No.');
  expect(box.eventCount).toBe(1);
  expect(box.isReady).toBe(true);
  expect(await written(box, [said('d')])).toEqual([1, 2]);
});

test('a write that fails puts its events back before those that came meanwhile', async () => {
  const box = outbox();
  await box.emit(said('a'), 0, noFlush);
  const { events, writtenBy } = box.handOver();
  expect(numbers(events)).toEqual([1]);
  const writing = Promise.withResolvers<void>();
  writtenBy(writing.promise);
  await box.emit(said('b'), 0, noFlush);
  expect(box.isReady).toBe(false);
  const step = written(box, [said('c')]);
  writing.reject(new Error('No.'));
  expect(await step).toEqual([1, 2, 3]);
});

test('a step waits for a write in progress, so that its events are not written without it', async () => {
  const box = outbox();
  await box.emit(said('a'), 0, noFlush);
  const { writtenBy } = box.handOver();
  const writing = Promise.withResolvers<void>();
  writtenBy(writing.promise);
  const step = written(box, [said('b')]);
  await box.emit(said('between'), 0, noFlush);
  writing.resolve();
  expect(await step).toEqual([2, 3]);
  expect(box.eventCount).toBe(3);
});

test('a run whose events are not stored emits them all, and writes none', async () => {
  const box = outbox({ isStored: false });
  expect(await box.emit(said('a'), 0, noFlush)).toMatchObject({ number: 1 });
  expect(box.isReady).toBe(false);
  expect(await written(box, [said('b')])).toEqual([]);
  expect(box.eventCount).toBe(2);
});

test('with half of the numbers unwritten that a takeover skips, an event is written before it is told', async () => {
  const box = outbox();
  for (let n = 0; n < eventLeap / 2; n++) await box.emit(said('x'), 0, noFlush);
  let flushed: number[] = [];
  const flush = async () => {
    const { events, writtenBy } = box.handOver();
    flushed = numbers(events);
    writtenBy(Promise.resolve());
  };
  const last = eventLeap / 2 + 1;
  await expect(box.emit(said('y'), 0, noFlush)).rejects.toThrow('Nothing needs to be flushed.');
  expect(box.eventCount).toBe(last - 1);
  expect(await box.emit(said('y'), 0, flush)).toMatchObject({ number: last });
  expect(flushed).toHaveLength(last);
  await box.flushed();
  expect(box.isReady).toBe(false);
  expect(await box.emit(said('z'), 0, noFlush)).toMatchObject({ number: last + 1 });
});
