import { createHash } from 'node:crypto';
import ts from 'typescript';
import { type Change, changesOf } from './changes.ts';
import { sqlChanges } from './sql-changes.ts';

/** One small change of one file. */
export interface Mutant extends Change {
  /** The same as long as the line, and what is changed in it, is the same. */
  readonly id: string;
  /** From the repository's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line's text. */
  readonly text: string;
  /** The text that is replaced. */
  readonly before: string;
  /** The function it is in; that of the module when it is in none. */
  readonly mark: string;
}

/** All mutants of a file that can be parsed, in the order of the file. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = parse(file, text);
  const found = nodesOf(source).flatMap((node) =>
    [...changesOf(node, source), ...sqlChanges(node, source)].map((change) => ({ node, change })),
  );
  const lines = text.split('\n');
  const times = new Map<string, number>();
  return found
    .filter(({ change }) => isParsed(file, mutated(text, change)))
    .map(({ node, change }) => {
      const line = source.getLineAndCharacterOfPosition(change.start).line;
      const before = text.slice(change.start, change.end);
      const lineText = lines[line]?.trim() ?? '';
      const what = [file, change.kind, lineText, before, change.after].join('\n');
      const time = (times.get(what) ?? 0) + 1;
      times.set(what, time);
      const id = createHash('sha256').update(`${what}\n${time}`).digest('hex').slice(0, 12);
      const mark = markOf(file, node, source);
      return { ...change, id, file, line: line + 1, text: lineText, before, mark };
    })
    .toSorted((a, b) => a.start - b.start);
}

/** The text with the change. */
export function mutated(text: string, { start, end, after }: Change): string {
  return text.slice(0, start) + after + text.slice(end);
}

/**
 * The text with a call at the start of the module, and of each function, that notes that a test came by.
 *
 * @param noted where `reached` is imported from.
 */
export function withMarks(file: string, text: string, noted: string): string {
  const source = parse(file, text);
  const inserts = nodesOf(source).flatMap((node) => {
    const body = bodyOf(node);
    if (!body) return [];
    const call = `__reached(${JSON.stringify(`${file}#${node.getStart(source)}`)})`;
    const [start, end] = [body.getStart(source), body.getEnd()];
    if (ts.isBlock(body)) return [{ at: start + 1, text: `${call};` }];
    return [
      { at: start, text: `(${call}, ` },
      { at: end, text: ')' },
    ];
  });
  const whole = inserts
    .toSorted((a, b) => b.at - a.at || (a.text === ')' ? 1 : -1))
    .reduce((all, insert) => all.slice(0, insert.at) + insert.text + all.slice(insert.at), text);
  return `${whole}\nimport { reached as __reached } from '${noted}';__reached('${file}#');\n`;
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
}

/** All nodes below one, but for types: those are gone when the code runs. */
function nodesOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    const isGone =
      ts.isTypeNode(child) ||
      ts.isInterfaceDeclaration(child) ||
      ts.isTypeAliasDeclaration(child) ||
      ts.isImportDeclaration(child);
    if (!isGone) children.push(child, ...nodesOf(child));
  });
  return children;
}

function bodyOf(node: ts.Node): ts.ConciseBody | undefined {
  if (!ts.isFunctionLike(node) || !('body' in node)) return undefined;
  // Nothing may stand before `super(…)`.
  return ts.isConstructorDeclaration(node) ? undefined : (node.body as ts.ConciseBody | undefined);
}

function markOf(file: string, node: ts.Node, source: ts.SourceFile): string {
  let at = node.parent;
  while (at && !bodyOf(at)) at = at.parent;
  return `${file}#${at ? at.getStart(source) : ''}`;
}

/** The parser notes its errors on the tree; a whole compiler per mutant would take minutes. */
function isParsed(file: string, text: string): boolean {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
  return (source as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length === 0;
}
