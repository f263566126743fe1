import { Marked, type Token, type Tokens } from 'marked';
import { memo, type ReactNode, useMemo } from 'react';
import { cx } from '../../ui/cx.ts';
import { safeHref } from './safe-href.ts';

const markdown = new Marked({ gfm: true });

/**
 * What a model wrote, as Markdown. It is not to be trusted, so it never becomes HTML: each token becomes
 * an element that is named here. HTML in it is shown as text, and a picture is a link until somebody
 * follows it, since to fetch it would tell its server who reads.
 */
export function Markdown({
  text,
  isLive = false,
}: {
  readonly text: string;
  readonly isLive?: boolean;
}) {
  const blocks = useMemo(() => markdown.lexer(text).map(({ raw }) => raw), [text]);
  return (
    <div className={cx('markdown', isLive && 'caret')}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: while text comes, only the last block changes
        <Block key={index} text={block} />
      ))}
    </div>
  );
}

/** A block by itself, so that those above the one that grows are not read again. */
const Block = memo(function Block({ text }: { readonly text: string }) {
  return useMemo(() => elementsOf(markdown.lexer(text)), [text]);
});

function elementsOf(tokens: readonly Token[] = []): ReactNode {
  return tokens.map((token, index) => {
    const make = elements[token.type];
    // biome-ignore lint/suspicious/noArrayIndexKey: a text's tokens have no other name than their place
    return <Element key={index} content={make ? make(token as never) : token.raw} />;
  });
}

/** Gives a key to what is no element. */
function Element({ content }: { readonly content: ReactNode }) {
  return content;
}

/** What each kind of token becomes. One that is not here is shown as it was written. */
const elements: Readonly<Record<string, (token: never) => ReactNode>> = {
  space: () => null,
  hr: () => <hr />,
  br: () => <br />,
  // A heading of a text is no heading of the page.
  heading: ({ tokens }: Tokens.Heading) => <p className="font-semibold">{elementsOf(tokens)}</p>,
  paragraph: ({ tokens }: Tokens.Paragraph) => <p>{elementsOf(tokens)}</p>,
  text: ({ tokens, text }: Tokens.Text) => (tokens ? elementsOf(tokens) : readEntities(text)),
  escape: ({ text }: Tokens.Escape) => text,
  html: ({ raw, block }: Tokens.HTML) => (block ? <p>{raw}</p> : raw),
  strong: ({ tokens }: Tokens.Strong) => <strong>{elementsOf(tokens)}</strong>,
  em: ({ tokens }: Tokens.Em) => <em>{elementsOf(tokens)}</em>,
  del: ({ tokens }: Tokens.Del) => <del>{elementsOf(tokens)}</del>,
  codespan: ({ text }: Tokens.Codespan) => <code>{text}</code>,
  code: ({ text }: Tokens.Code) => (
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
  ),
  blockquote: ({ tokens }: Tokens.Blockquote) => <blockquote>{elementsOf(tokens)}</blockquote>,
  list: ({ ordered, start, items }: Tokens.List) => {
    const all = items.map(({ raw, tokens }, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: items may be equal
      <li key={`${index} ${raw}`}>{elementsOf(tokens)}</li>
    ));
    return ordered ? <ol start={start === '' ? 1 : start}>{all}</ol> : <ul>{all}</ul>;
  },
  checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
  table: ({ header, rows }: Tokens.Table) => (
    <div tabIndex={0} role="region" aria-label="Table" className="overflow-x-auto">
      <table>
        <thead>
          <tr>{header.map(cellOf('th'))}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows may be equal
            <tr key={index}>{row.map(cellOf('td'))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  ),
  link: ({ href, tokens }: Tokens.Link) => <Outside href={href}>{elementsOf(tokens)}</Outside>,
  image: ({ href, text }: Tokens.Image) => <Outside href={href}>{text || 'Picture'}</Outside>,
};

function cellOf(Tag: 'th' | 'td') {
  return ({ tokens, align }: Tokens.TableCell, index: number) => (
    <Tag key={index} className={cellLooks[align ?? 'left']}>
      {elementsOf(tokens)}
    </Tag>
  );
}

const cellLooks = { left: 'text-left', center: 'text-center', right: 'text-right' };

/** A link to somewhere else. Its tooltip says where it leads. */
function Outside({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const safe = safeHref(href);
  if (safe === undefined) return <span title={href}>{children}</span>;
  return (
    <a href={safe} title={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** `&amp;` in Markdown is `&`. Others than these are shown as they were written. */
function readEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? '');
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: '\u00a0',
};
