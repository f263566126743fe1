import { hash } from 'node:crypto';
import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { contentId } from '../../kernel/ids.ts';
import { longTurn } from '../../kernel/long-turns.ts';
import { presentFields, presentFieldsBelow } from '../present-fields.ts';

/** Datapoints that are handled before the event loop gets a turn: about 10 ms of work. */
const atOnce = 1_000;

/**
 * Distinct datapoints by a digest of their content. The order of keys does not count, and `null`
 * equals a missing part, also inside of messages; inside of inputs and targets a null is a value.
 */
export function distinctDatapoints(
  given: readonly DatapointContent[],
): Promise<ReadonlyMap<string, DatapointContent>> {
  return firstOfEach(given, ({ inputs, messages, target }) => {
    const content = presentFields({ inputs, messages: presentFieldsBelow(messages), target });
    return [hash('sha256', canonicalJson(content), 'base64url'), content];
  });
}

/** Datapoints by their ids in a dataset, made from their digests. */
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
    if (seen % atOnce === 0) await longTurn('datapoints');
  }
  return found;
}
