import ts from 'typescript';
import type { Change } from './changes.ts';

/** A text is SQL when one of these words stands in it. */
const isSql = /\b(SELECT|UPDATE|DELETE FROM|INSERT INTO|WHERE|AND)\b/;

/** Where a condition ends, outside of its own parentheses. */
const endOfCondition =
  /^(AND|OR|ORDER|GROUP|HAVING|RETURNING|LIMIT|FOR|UNION|WINDOW|SET|ON|THEN|WHEN|JOIN|LEFT)\b/;

/** What else is changed: what to find, and what stands in its place. */
const others: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/\bFOR (NO KEY )?UPDATE( OF \w+)?( SKIP LOCKED| NOWAIT)?/g, () => ''],
  [/\bSKIP LOCKED\b/g, () => ''],
  [/ (<|>) /g, (found) => found.replace(/[<>]/, '$&=')],
  [/ (<|>)= /g, (found) => found.replace('=', '')],
  [/\bIS NOT NULL\b/g, () => 'IS NULL'],
  [/\bIS NULL\b/g, () => 'IS NOT NULL'],
  [/\bDESC\b/g, () => 'ASC'],
  [/\bNOT EXISTS\b/g, () => 'EXISTS'],
];

/** Conditions that are dropped from a statement, and locks, orders and boundaries. */
export function sqlChanges(node: ts.Node, source: ts.SourceFile): readonly Change[] {
  if (!ts.isTemplateExpression(node) && !ts.isNoSubstitutionTemplateLiteral(node)) return [];
  const start = node.getStart(source);
  const text = withoutValues(node, source);
  if (!isSql.test(text)) return [];
  return [
    ...conditionsOf(text).map(([from, to, after]) => ({ from, to, after })),
    ...others.flatMap(([pattern, other]) =>
      [...text.matchAll(pattern)].map((found) => ({
        from: found.index,
        to: found.index + found[0].length,
        after: other(found[0]),
      })),
    ),
  ].map(({ from, to, after }) => ({ kind: 'sql', start: start + from, end: start + to, after }));
}

/** The template's text, with `?` in place of each character that is TypeScript, and of SQL's comments. */
function withoutValues(
  node: ts.TemplateExpression | ts.NoSubstitutionTemplateLiteral,
  source: ts.SourceFile,
): string {
  let text = node.getText(source);
  const blank = (from: number, to: number) => {
    text = text.slice(0, from) + '?'.repeat(to - from) + text.slice(to);
  };
  if (ts.isTemplateExpression(node)) {
    const offset = node.getStart(source);
    for (const { expression } of node.templateSpans) {
      // With its `${` and `}`.
      blank(expression.getFullStart() - 2 - offset, expression.getEnd() + 1 - offset);
    }
  }
  for (const { index, 0: comment } of text.matchAll(/--[^\n]*|\/\*.*?\*\//g)) {
    blank(index, index + comment.length);
  }
  return text;
}

/** For each condition: where it starts and ends, and what is put there. */
function conditionsOf(text: string): readonly (readonly [number, number, string])[] {
  return [...text.matchAll(/\b(WHERE|AND)\b/g)]
    .filter(({ index }) => !/\bBETWEEN\s+\S+\s+$/.test(text.slice(0, index)))
    .map(({ index, 0: word }) => {
      const start = index + word.length;
      return [start, conditionEnd(text, start), ' true '] as const;
    });
}

function conditionEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const next = text[at];
    if (next === '(') depth++;
    if (next === ')' && depth-- === 0) return at;
    if (next === '`' || next === ';') return at;
    const isWordStart = /\W/.test(text[at - 1] ?? ' ');
    if (depth === 0 && isWordStart && endOfCondition.test(text.slice(at, at + 12))) return at;
  }
  return text.length;
}
