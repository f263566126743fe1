/** A block of code in a page. */
export interface Block {
  readonly language: string;
  /** What stands after the language: `output`, `refused`, `no-run="why"`. */
  readonly note: string;
  readonly text: string;
}

/** The blocks of code in a page of Markdown, in their order. */
export function blocksOf(markdown: string): readonly Block[] {
  // Within a list it is indented.
  return [...markdown.matchAll(/^( *)```(\w*) ?(.*)\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', language = '', note = '', text = '']) => ({
      language,
      note,
      text: text.replaceAll(`\n${indent}`, '\n').slice(indent.length),
    }),
  );
}

/** Why a block is not run; undefined: it is. */
export function reasonNotToRun({ note }: Block): string | undefined {
  return /no-run="([^"]+)"/.exec(note)?.[1];
}

/**
 * What is missing of what a page shows: the first part that does not come in the text after those before
 * it. A `…` stands for anything, and spaces for any number of them.
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
