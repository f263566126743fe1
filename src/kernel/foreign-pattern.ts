/**
 * Reads a regular expression that may be written for Python, PCRE or Go, as the patterns of JSON
 * Schemas often are.
 *
 * @returns undefined when it has something that no expression of JavaScript can say.
 */
export function readPattern(pattern: string): RegExp | undefined {
  const translated = translate(pattern);
  const strict = compiled(pattern, 'u') ?? compiled(translated, 'u');
  // The lenient mode takes `{` and `]` as they are meant, but `\X` and `\p{IsLatin}` for letters.
  return strict ?? (hasForeignEscape(translated) ? undefined : compiled(translated, ''));
}

function compiled(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

const foreign: Readonly<Record<string, string>> = {
  '\\A': '^',
  '\\Z': '$',
  '\\z': '$',
  '\\h': '[ \\t]',
  '(?P<': '(?<',
  '(?>': '(?:',
  '[:alpha:]': 'a-zA-Z',
  '[:digit:]': '0-9',
  '[:alnum:]': 'a-zA-Z0-9',
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:xdigit:]': '0-9a-fA-F',
  '[:space:]': '\\s',
  '[:word:]': '\\w',
};

function hasForeignEscape(pattern: string): boolean {
  const escapes = pattern.match(/\\[\s\S]/g) ?? [];
  return escapes.some((token) => /[a-z]/i.test(token) && !/[bBcdDfknrsStuvwWx]/.test(token));
}

function translate(pattern: string): string {
  // An escaped character is one token, so that the `(?P<` of `\(?P<` is not taken for a group.
  const said = pattern
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/(\\[pP])([A-Z])/g, '$1{$2}')
    .replace(/\\[\s\S]|\(\?P<|\(\?>|\[:\w+:\]/g, (token) => foreign[token] ?? plain(token));
  const flags = /^\(\?([ims]+)\)/.exec(said);
  return flags ? `(?${flags[1]}:${said.slice(flags[0].length)})` : said;
}

/** An escape that JavaScript takes: `\-` and `\@` it does not take everywhere. */
function plain(token: string): string {
  if (!/^\\[!"#%&',\-:;<=>@_`~]$/.test(token)) return token;
  return `\\x${token.charCodeAt(1).toString(16)}`;
}
