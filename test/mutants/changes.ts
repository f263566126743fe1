import ts from 'typescript';

/** A part of a text, and what stands there in a mutant. */
export interface Change {
  readonly kind: Kind;
  readonly start: number;
  /** The end is not included. */
  readonly end: number;
  readonly after: string;
}

export type Kind =
  | 'operator'
  | 'boundary'
  | 'condition'
  | 'constant'
  | 'statement'
  | 'call'
  | 'sql';

const { SyntaxKind } = ts;

/** What stands in place of an operator. */
const otherOperators: Partial<Record<ts.SyntaxKind, readonly [Kind, string]>> = {
  [SyntaxKind.EqualsEqualsEqualsToken]: ['operator', '!=='],
  [SyntaxKind.ExclamationEqualsEqualsToken]: ['operator', '==='],
  [SyntaxKind.PlusToken]: ['operator', '-'],
  [SyntaxKind.MinusToken]: ['operator', '+'],
  [SyntaxKind.AsteriskToken]: ['operator', '/'],
  [SyntaxKind.SlashToken]: ['operator', '*'],
  [SyntaxKind.AmpersandAmpersandToken]: ['operator', '||'],
  [SyntaxKind.BarBarToken]: ['operator', '&&'],
  [SyntaxKind.PlusEqualsToken]: ['operator', '-='],
  [SyntaxKind.MinusEqualsToken]: ['operator', '+='],
  [SyntaxKind.LessThanToken]: ['boundary', '<='],
  [SyntaxKind.LessThanEqualsToken]: ['boundary', '<'],
  [SyntaxKind.GreaterThanToken]: ['boundary', '>='],
  [SyntaxKind.GreaterThanEqualsToken]: ['boundary', '>'],
};

/** Calls of which only the value stays that they are made on: a filter, a condition of a query, a lock. */
const removable = /^(filter|where|forUpdate|skipLocked|having|toSorted|slice|trim|toLowerCase)$/;

/** Functions that are taken for each other. */
const otherFunctions: Readonly<Record<string, string>> = {
  every: 'some',
  some: 'every',
  min: 'max',
  max: 'min',
  all: 'race',
};

/** What may be changed at this node itself, not below it. */
export function changesOf(node: ts.Node, source: ts.SourceFile): readonly Change[] {
  const whole = { start: node.getStart(source), end: node.getEnd() };
  const text = node.getText(source);

  if (ts.isBinaryExpression(node)) return operatorChanges(node, source);
  if (ts.isIfStatement(node)) return [negated(node.expression, source)];
  if (ts.isConditionalExpression(node)) return [negated(node.condition, source)];
  if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    // Of a whole condition it would be the same change as `negated`.
    return isCondition(node)
      ? []
      : [{ ...whole, kind: 'condition', after: node.operand.getText(source) }];
  }
  if (ts.isNumericLiteral(node)) {
    return [{ ...whole, kind: 'constant', after: `(${text} * 2 + 1)` }];
  }
  if (node.kind === SyntaxKind.TrueKeyword) return [{ ...whole, kind: 'constant', after: 'false' }];
  if (node.kind === SyntaxKind.FalseKeyword) return [{ ...whole, kind: 'constant', after: 'true' }];
  if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) {
    return isSuper(node) ? [] : [{ ...whole, kind: 'statement', after: '{}' }];
  }
  if (ts.isCallExpression(node)) return callChanges(node, source);
  return [];
}

function operatorChanges(node: ts.BinaryExpression, source: ts.SourceFile): readonly Change[] {
  const { operatorToken: token, left } = node;
  if (token.kind === SyntaxKind.QuestionQuestionToken) {
    return [{ kind: 'operator', start: left.getEnd(), end: node.getEnd(), after: '' }];
  }
  const other = otherOperators[token.kind];
  if (!other) return [];
  const [kind, after] = other;
  return [{ kind, start: token.getStart(source), end: token.getEnd(), after }];
}

function negated(condition: ts.Expression, source: ts.SourceFile): Change {
  const [start, end] = [condition.getStart(source), condition.getEnd()];
  return { kind: 'condition', start, end, after: `!(${condition.getText(source)})` };
}

function isCondition(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.expression === node;
  return ts.isConditionalExpression(parent) && parent.condition === node;
}

function callChanges(node: ts.CallExpression, source: ts.SourceFile): readonly Change[] {
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression: on, name } = node.expression;
  if (removable.test(name.text)) {
    return [{ kind: 'call', start: on.getEnd(), end: node.getEnd(), after: '' }];
  }
  const other = Object.hasOwn(otherFunctions, name.text) ? otherFunctions[name.text] : undefined;
  if (other === undefined) return [];
  return [{ kind: 'call', start: name.getStart(source), end: name.getEnd(), after: other }];
}

function isSuper(node: ts.ExpressionStatement | ts.ThrowStatement): boolean {
  return (
    ts.isCallExpression(node.expression) &&
    node.expression.expression.kind === SyntaxKind.SuperKeyword
  );
}
