/**
 * Text that does nothing to a terminal: control characters, and those that turn the direction of
 * what follows or are not seen, are written as `\u001b`. What models and tools say is anybody's.
 *
 * In JSON it means the same as before.
 */
export function printable(text: string): string {
  return text.replaceAll(unsafe, (characters) =>
    characters.replaceAll(
      /[\s\S]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}

/** The same, of lines: each newline stays. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** But for the two joiners (U+200C, U+200D), without which some scripts and emoji fall apart. */
const unsafe = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
