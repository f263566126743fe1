/**
 * How many characters of a key are shown, and how long a key must be so that these reveal little of
 * it.
 */
const shown = 4;
const longEnough = 12;

/**
 * The last characters of a key, by which its owner recognises it: `…3f9a`. Null when the key is too
 * short to show any. In a key of several parts (`<id>:<secret>`), the last part must be long
 * enough.
 */
export function keyHint(apiKey: string): string | null {
  const secret = apiKey.split(':').at(-1) ?? '';
  return secret.length < longEnough ? null : `…${secret.slice(-shown)}`;
}
