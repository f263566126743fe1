/** What the text of a field is: words with variables, an `.agent` or `.prompt` file, or code. */
export type CodeLanguage = 'template' | 'file' | 'json' | 'python';

/** Whether Tab moves the text in: there Escape and then Tab leaves the field. In prose Tab leaves it at once. */
export const tabIndents: Readonly<Record<CodeLanguage, boolean>> = {
  template: false,
  file: false,
  json: true,
  python: true,
};

/** Whether the text is words, which are set as words are. */
export function isProse(language: CodeLanguage): boolean {
  return language === 'template';
}
