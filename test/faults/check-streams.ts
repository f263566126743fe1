import { Dice } from './dice.ts';
import { type SeenEvent, toSteps } from './seen-events.ts';
import type { Story } from './story.ts';
import { StreamReader } from './stream-reader.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/**
 * Compares the events that each reader of a run saw with the stream as it can be read afterwards.
 */
export async function checkStreams(world: World, tally: Tally, story: Story): Promise<void> {
  if (!story.save || story.deletion !== 'none' || story.readers.length === 0) return;
  const afterwards = new StreamReader(world, tally, story, false);
  await afterwards.follow(0, new Dice(story.plan.seed));
  for (const reader of story.readers) {
    const flaw = findReadingFlaw(reader, afterwards.events);
    tally.add('streams compared');
    if (flaw !== undefined) tally.violation(`log ${story.logId}: ${flaw}`);
  }
}

function findReadingFlaw(reader: StreamReader, stored: readonly SeenEvent[]): string | undefined {
  const { events } = reader;
  const first = events[0]?.id;
  const last = events.at(-1)?.id;
  if (first === undefined || last === undefined) return undefined;
  const typeById = new Map(stored.map(({ id, type }) => [id, type]));
  const changed = events.find(({ id, type }) => typeById.has(id) && typeById.get(id) !== type);
  if (changed) return `event ${changed.id} was ${changed.type} and is ${typeById.get(changed.id)}`;
  const same = stored.filter(({ id }) => id <= last);
  const [seen, later] = [toSteps(events), toSteps(same)];
  const at = seen.findIndex((step, index) => step !== later[index]);
  if (at === -1 && seen.length === later.length) return undefined;
  const place = at === -1 ? seen.length : at;
  return `step ${place} of its stream was ${seen[place]} and is told as ${later[place]} (${describe(events)} / ${describe(same)})`;
}

function describe(events: readonly SeenEvent[]): string {
  return events.map(({ id, type }) => `${id} ${type}`).join(', ');
}
