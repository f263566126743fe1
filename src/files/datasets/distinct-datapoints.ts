import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { contentId } from '../../kernel/ids.ts';
import { presentFields, presentFieldsBelow } from '../present-fields.ts';

/** How many datapoints are looked at before others may do something: some 10 ms of work. */
const atOnce = 1_000;

/**
 * What datapoints say, each once, by the digest of what it says: equal ones have one digest,
 * whatever the order of their keys, and `null` is the same as leaving a part out. What a message does
 * not say may be null, too; in inputs and targets a null is a value like others.
 */
export function distinctDatapoints(
  given: readonly DatapointContent[],
): Promise<ReadonlyMap<string, DatapointContent>> {
  return firstOfEach(given, ({ inputs, messages, target }) => {
    const content = presentFields({ inputs, messages: presentFieldsBelow(messages), target });
    return [hash('sha256', canonicalJson(content), 'base64url'), content];
  });
}

/** Datapoints by the ids that they have in a dataset, from those by their digests. */
export function datapointsById(
  datasetId: string,
  distinct: ReadonlyMap<string, DatapointContent>,
): Promise<ReadonlyMap<string, DatapointContent>> {
  return firstOfEach(distinct, ([digest, content]) => [
    contentId('dp', `${datasetId} ${digest}`),
    content,
  ]);
}

async function firstOfEach<Item, Value>(
  items: Iterable<Item>,
  entryOf: (item: Item) => readonly [key: string, value: Value],
): Promise<ReadonlyMap<string, Value>> {
  const found = new Map<string, Value>();
  let seen = 0;
  for (const item of items) {
    const [key, value] = entryOf(item);
    if (!found.has(key)) found.set(key, value);
    seen += 1;
    if (seen % atOnce === 0) await setImmediate();
  }
  return found;
}
