/** A block of code in a page. */
export interface Block {
  readonly language: string;
  /** What stands after the language: `output`, `refused`, `no-run="why"`. */
  readonly note: string;
  readonly text: string;
}

/** The blocks of code in a page of Markdown, in their order. */
export function blocksOf(markdown: string): readonly Block[] {
  // A block within a list is indented.
  return [...markdown.matchAll(/^( *)```(\w*) ?(.*)\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', language = '', note = '', text = '']) => ({
      language,
      note,
      text: text.replaceAll(`\n${indent}`, '\n').slice(indent.length),
    }),
  );
}

/** Why a block is not run; undefined when it is run. */
export function reasonNotToRun({ note }: Block): string | undefined {
  return /no-run="([^"]+)"/.exec(note)?.[1];
}

/**
 * Compares a text with what a page shows, in which `…` stands for anything, and a space for any number
 * of spaces.
 *
 * @returns the first part between two `…` that does not follow in the text; undefined when all do.
 */
export function missingPart(shown: string, text: string): string | undefined {
  const [parts, whole] = [aligned(shown).split('…'), aligned(text)];
  let at = 0;
  return parts.find((part) => {
    const found = whole.indexOf(part, at);
    at = found + part.length;
    return found === -1;
  });
}

const aligned = (text: string) => text.trimEnd().replaceAll(/ +/g, ' ');
