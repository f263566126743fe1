/**
 * Makes a text harmless for a terminal: writes control characters, direction marks and invisible
 * characters as `\u001b`. Needed because models and tools can say anything. A JSON text keeps its
 * meaning.
 */
export function printable(text: string): string {
  return text.replaceAll(unsafe, (characters) =>
    characters.replaceAll(
      /[\s\S]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}

/** The same for several lines: newlines are kept. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Allows the two joiners (U+200C, U+200D), without which some scripts and emoji break. */
const unsafe = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
