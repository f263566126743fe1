import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** A record that does not fit into memory as a whole: its JSON, piece by piece. */
export class WrittenRecord {
  readonly id: string;
  readonly pieces: AsyncGenerator<string>;

  constructor(id: string, pieces: AsyncGenerator<string>) {
    this.id = id;
    this.pieces = pieces;
  }
}

/** A list that is read and sent group by group, so that a long one is never in memory as a whole. */
export interface List<Body extends object> {
  /** The field of the answer that has the list; the default is `records`. */
  readonly field?: string;
  /** Read the records, group after group. */
  readonly groups: readonly (() => Promise<readonly (Body | WrittenRecord)[]>)[];
  /**
   * The other fields of the answer.
   *
   * @param cutAfter the last record, when the answer was full before the end of the list.
   */
  readonly rest: (cutAfter: Body | WrittenRecord | undefined) => object;
  /** After how many bytes the list ends; undefined: it is sent whole. */
  readonly mostBytes?: number;
}

/** Answers with a list. A failure after the first group cuts the connection: the status is sent. */
export async function sendList<Body extends object>(
  reply: FastifyReply,
  list: List<Body>,
): Promise<unknown> {
  const { field = 'records', groups, rest } = list;
  const first = (await groups[0]?.()) ?? [];
  const isWhole = groups.length <= 1 && !first.some((record) => record instanceof WrittenRecord);
  if (isWhole) return { [field]: first, ...rest(undefined) };
  return sendTexts(reply, { isSmall: false, pieces: texts(first, list) });
}

/**
 * Answers with JSON that is written piece by piece.
 *
 * @param isSmall whether all of it may be in memory: a failure then still has its status.
 */
export async function sendTexts(
  reply: FastifyReply,
  { isSmall, pieces }: { readonly isSmall: boolean; readonly pieces: AsyncGenerator<string> },
): Promise<unknown> {
  return reply
    .type('application/json; charset=utf-8')
    .send(
      isSmall
        ? (await Array.fromAsync(pieces)).join('')
        : Readable.from(pieces, { highWaterMark: 1 }),
    );
}

async function* texts<Body extends object>(
  first: readonly (Body | WrittenRecord)[],
  { field = 'records', groups, rest, mostBytes = Infinity }: List<Body>,
) {
  yield `{"${field}":[`;
  let bytes = 0;
  let last: Body | WrittenRecord | undefined;
  let isCut = false;
  reading: for (const [place, read] of groups.entries()) {
    for (const record of place === 0 ? first : await read()) {
      isCut = bytes >= mostBytes;
      if (isCut) break reading;
      if (last) yield ',';
      for await (const text of textsOf(record)) {
        yield text;
        bytes += Buffer.byteLength(text);
      }
      last = record;
    }
  }
  const end = JSON.stringify(rest(isCut ? last : undefined)).slice(1);
  yield end === '}' ? ']}' : `],${end}`;
}

async function* textsOf(record: object): AsyncGenerator<string> {
  if (record instanceof WrittenRecord) yield* record.pieces;
  else yield JSON.stringify(record);
}
