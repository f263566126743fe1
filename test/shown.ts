/** A block of code in a page. */
interface Block {
  readonly language: string;
  readonly text: string;
}

/** The blocks of code in a page of Markdown, in their order. */
export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
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
