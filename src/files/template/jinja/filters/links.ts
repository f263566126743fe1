import { escapedText } from '../escape.ts';
import { spend } from '../fuel.ts';

/** How links are written. */
interface LinkStyle {
  /** The most characters of an address that are shown. */
  readonly limit: number | undefined;
  readonly rel: string;
  readonly target: string | undefined;
}

/** A text as HTML in which addresses are links. */
export function withLinks(text: string, style: LinkStyle): string {
  return escapedText(text)
    .split(/(\s+)/)
    .map((word) => (word.trim() === '' ? word : linked(word, style)))
    .join('');
}

const address =
  /^(?:(?:https?:\/\/|www\.)(?:[\w%-]+\.)*(?:[a-z]{2,63}|xn--[\w%]{2,59})|(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)|https?:\/\/\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?:[/?#]\S*)?$/i;
const mail = /^\S+@\w[\w.-]*\.\w+$/;

function linked(word: string, style: LinkStyle): string {
  // No address is longer. The patterns look at parts of a long word again and again.
  if (word.length > 2_000) return word;
  spend(4 + word.length ** 2 / 2_000);
  const [head = ''] = /^(?:[(<]|&lt;)*/.exec(word) ?? [];
  const { body, tail } = splitTail(word.slice(head.length));
  return head + link(body, style) + tail;
}

const brackets = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;

// Signs at the end of a word belong to the sentence, unless they close what the address opened.
function splitTail(word: string): { readonly body: string; readonly tail: string } {
  let end = word.length;
  for (let sign = signAtEnd(word, end); sign > 0; sign = signAtEnd(word, end)) end -= sign;
  let tail = word.slice(end);
  let body = word.slice(0, end);
  for (const [open, close] of brackets) {
    const opened = body.split(open).length - 1;
    if (opened < body.split(close).length) continue;
    for (let left = Math.min(opened, tail.split(close).length - 1); left > 0; left--) {
      const end = tail.indexOf(close) + close.length;
      body += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return { body, tail };
}

/** How many characters a sign has that ends at `end`; 0 when there is none. */
function signAtEnd(word: string, end: number): number {
  if (word.endsWith('&gt;', end)) return '&gt;'.length;
  return end > 0 && ')>.,\n'.includes(word.charAt(end - 1)) ? 1 : 0;
}

function link(body: string, { limit, rel, target }: LinkStyle): string {
  const attributes = `${rel === '' ? '' : ` rel="${escapedText(rel)}"`}${target === undefined ? '' : ` target="${escapedText(target)}"`}`;
  if (address.test(body)) {
    const shown = limit !== undefined && body.length > limit ? `${body.slice(0, limit)}...` : body;
    const href = /^https?:\/\//i.test(body) ? body : `https://${body}`;
    return `<a href="${href}"${attributes}>${shown}</a>`;
  }
  if (body.startsWith('mailto:') && mail.test(body.slice(7))) {
    return `<a href="${body}">${body.slice(7)}</a>`;
  }
  const isMail = body.includes('@') && !body.startsWith('www.') && !body.includes(':');
  return isMail && mail.test(body) ? `<a href="mailto:${body}">${body}</a>` : body;
}
