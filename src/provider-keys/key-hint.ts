/** Characters that are shown of a key, and how many a secret needs for these to tell little of it. */
const shown = 4;
const longEnough = 12;

/**
 * The last characters of a key, by which those who have it know it again: `…3f9a`. Null where it is
 * too short for that. Of a key in parts (`<id>:<secret>`), the last one is what must be long enough.
 */
export function keyHint(apiKey: string): string | null {
  const secret = apiKey.split(':').at(-1) ?? '';
  return secret.length < longEnough ? null : `…${secret.slice(-shown)}`;
}
