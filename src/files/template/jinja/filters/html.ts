import { escaped, escapedText } from '../escape.ts';
import { JinjaFault } from '../faults.ts';
import { type Filter, taking } from '../filter.ts';
import { wordsOf } from '../methods/split-text.ts';
import { isIterable, iterate } from '../sequences.ts';
import { str } from '../spelling.ts';
import { Dict, isTrue, Markup, Tuple, textOf, Undefined, type Value } from '../values.ts';
import { withLinks } from './links.ts';

/** Filters that make HTML and addresses, or take HTML away. */
export const htmlFilters: Readonly<Record<string, Filter>> = {
  escape: toMarkup,
  e: toMarkup,
  forceescape: (value) => new Markup(escapedText(str(value))),
  safe: (value) => new Markup(str(value)),
  striptags: (value) => withoutTags(str(value)),
  urlencode: (value) => urlEncoded(value),
  urlize: taking(
    'trim_url_limit nofollow target rel extra_schemes',
    (value, [limit = null, noFollow = false, target = null, rel = null]) => {
      const rels = new Set(wordsOf(rel === null ? '' : str(rel)));
      if (isTrue(noFollow)) rels.add('nofollow');
      rels.add('noopener');
      return withLinks(str(value), {
        limit: typeof limit === 'bigint' ? Number(limit) : undefined,
        rel: [...rels].sort().join(' '),
        target: target === null ? undefined : str(target),
      });
    },
  ),
  xmlattr: taking('autospace', (value, [spaces = true], { isEscaping }) => {
    if (!(value instanceof Dict)) throw new JinjaFault('xmlattr needs a dict');
    const attributes = value.entries().flatMap(([key, member]) => {
      if (member === null || member instanceof Undefined) return [];
      if (/[\s/>=]/.test(str(key))) throw new JinjaFault('invalid character in attribute name');
      return [`${escaped(key)}="${escaped(member)}"`];
    });
    const text = (isTrue(spaces) && attributes.length > 0 ? ' ' : '') + attributes.join(' ');
    return isEscaping ? new Markup(text) : text;
  }),
};

function toMarkup(value: Value): Value {
  return new Markup(escaped(value));
}

/** A text without comments and tags, its spaces made one, its entities read. */
function withoutTags(html: string): string {
  const text = without(without(html, '<!--', '-->'), '<', '>');
  return wordsOf(text).join(' ').replace(entity, readEntity);
}

/** A text without what stands from one sign to another. */
function without(text: string, opening: string, closing: string): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf(opening, at);
    const end = start < 0 ? -1 : text.indexOf(closing, start);
    if (end < 0) return kept + text.slice(at);
    kept += text.slice(at, start);
    at = end + closing.length;
  }
}

const entity = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g;

// Those that texts have. HTML names two thousand others, which stay as they are.
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  euro: '€',
  pound: '£',
  cent: '¢',
  yen: '¥',
  sect: '§',
  deg: '°',
  times: '×',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
};

function readEntity(
  whole: string,
  decimal: string | undefined,
  hex: string | undefined,
  name: string | undefined,
): string {
  if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0x10ffff || code === 0 ? '\ufffd' : String.fromCodePoint(code);
}

function urlEncoded(value: Value): string {
  if (textOf(value) !== undefined || !isIterable(value)) return quoted(str(value), true);
  const pairs = value instanceof Dict ? value.entries() : iterate(value).map(pairOf);
  return pairs
    .map(([key, member]) => `${quoted(str(key), false)}=${quoted(str(member), false)}`)
    .join('&');
}

function pairOf(item: Value): readonly [Value, Value] {
  const [key, value] = item instanceof Tuple || Array.isArray(item) ? iterate(item) : [];
  if (key === undefined || value === undefined) throw new JinjaFault('urlencode needs pairs');
  return [key, value];
}

// `encodeURIComponent` leaves five signs alone that Python encodes.
function quoted(text: string, isPath: boolean): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return isPath ? encoded.replaceAll('%2F', '/') : encoded.replaceAll('%20', '+');
}
