import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A regular expression in a source file. */
interface Literal {
  readonly source: string;
  readonly flags: string;
  /** From 1. */
  readonly line: number;
}

/** The regular expressions of a file: literals, and texts that `new RegExp` is given. */
export function literalsIn(file: string): readonly Literal[] {
  const parsed = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Literal[] = [];
  const add = (node: ts.Node, source: string, flags: string) => {
    const { line } = parsed.getLineAndCharacterOfPosition(node.getStart());
    found.push({ source, flags, line: line + 1 });
  };
  const visit = (node: ts.Node) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      add(node, node.text.slice(1, end), node.text.slice(end + 1));
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [source, flags] = (node.arguments ?? []).map(textOf);
      if (source !== undefined) add(node, source, flags ?? '');
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** A text as it is written, also where it is put together; undefined when it has other parts. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) {
    return undefined;
  }
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}
