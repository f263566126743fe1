import { randomBytes } from 'node:crypto';

/**
 * The JSON of values that contain some objects many times. Each of those objects is serialized once,
 * and its text is copied to every place. Do not change or serialize the values afterwards: the
 * objects get a `toJSON` that is of no use elsewhere.
 *
 * @param repeated the objects, compared by identity; those that no value contains do no harm.
 */
export function jsonWithRepeats(
  values: readonly unknown[],
  repeated: Iterable<object>,
): readonly string[] {
  // No value can contain this mark already: it is 128 fresh random bits.
  const mark = randomBytes(16).toString('hex');
  const texts: string[] = [];
  for (const object of repeated) {
    const place = `${mark}${texts.length}`;
    texts.push(JSON.stringify(object));
    Object.defineProperty(object, 'toJSON', { value: () => place });
  }
  return values.map((value) => {
    const [first = '', ...rest] = JSON.stringify(value).split(`"${mark}`);
    return rest.reduce((text, piece) => {
      const end = piece.indexOf('"');
      return text + texts[Number(piece.slice(0, end))] + piece.slice(end + 1);
    }, first);
  });
}
