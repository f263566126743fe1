import { randomBytes } from 'node:crypto';

/**
 * The JSON of a value in which some objects stand many times: each of them is written once, and its
 * text is put in wherever it stands. The value must not be changed or written again afterwards.
 *
 * @param repeated the objects themselves, by identity; those that stand nowhere do no harm.
 */
export function jsonWithRepeats(value: unknown, repeated: Iterable<object>): string {
  // Nobody can have put it into the value: it is made now, and of 128 random bits.
  const mark = randomBytes(16).toString('hex');
  const texts: string[] = [];
  for (const object of repeated) {
    const place = `${mark}${texts.length}`;
    texts.push(JSON.stringify(object));
    Object.defineProperty(object, 'toJSON', { value: () => place });
  }
  const [first = '', ...rest] = JSON.stringify(value).split(`"${mark}`);
  return rest.reduce((text, piece) => {
    const end = piece.indexOf('"');
    return text + texts[Number(piece.slice(0, end))] + piece.slice(end + 1);
  }, first);
}
