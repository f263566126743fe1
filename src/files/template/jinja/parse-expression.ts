import { syntaxFault } from './faults.ts';
import type { Operator } from './operators.ts';
import type { CallArguments, Expression } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** An expression: `a or b`, `a if b else c`. */
export function parseExpression(tokens: TokenStream): Expression {
  return parseChoice(tokens);
}

/** One expression, or several with commas between, which are a tuple. */
export function parseTuple(
  tokens: TokenStream,
  parseItem: (tokens: TokenStream) => Expression = parseExpression,
): Expression {
  const { line } = tokens;
  const items: Expression[] = [];
  let isTuple = false;
  while (!endsTuple(tokens)) {
    items.push(parseItem(tokens));
    if (!tokens.skipSign(',')) break;
    isTuple = true;
  }
  const [first] = items;
  if (first === undefined) throw tokens.unexpected('an expression');
  return isTuple ? { type: 'tuple', items, line } : first;
}

/**
 * What a loop goes through, or a condition: `a if b` is no choice there. In a loop, `if` begins the
 * condition of its items.
 */
export function parseTupleOfNoChoice(tokens: TokenStream): Expression {
  return parseTuple(tokens, parseOr);
}

/** The filters after a value, or those of a block, whose first one has no `|`. */
export function parseFilters(
  tokens: TokenStream,
  of: Expression | undefined,
  hasFirst: boolean,
): Expression | undefined {
  let filtered = of;
  for (let isFirst = hasFirst; isFirst || tokens.isSign('|'); isFirst = false) {
    const { line } = tokens;
    if (!isFirst) tokens.next();
    const name = parseDottedName(tokens);
    const args = tokens.isSign('(') ? parseArguments(tokens) : noArguments;
    filtered = { type: 'filter', of: filtered, name, args, line };
  }
  return filtered;
}

const noArguments: CallArguments = {
  positional: [],
  named: [],
  spread: undefined,
  spreadNamed: undefined,
};

function endsTuple(tokens: TokenStream): boolean {
  return tokens.current.type === 'end' || tokens.isSign(')', ']');
}

function parseChoice(tokens: TokenStream): Expression {
  const { line } = tokens;
  let value = parseOr(tokens);
  while (tokens.skipName('if')) {
    const condition = parseOr(tokens);
    const otherwise = tokens.skipName('else') ? parseChoice(tokens) : undefined;
    value = { type: 'choice', condition, chosen: value, otherwise, line };
  }
  return value;
}

function parseOr(tokens: TokenStream): Expression {
  const { line } = tokens;
  let left = parseAnd(tokens);
  while (tokens.skipName('or')) left = { type: 'or', left, right: parseAnd(tokens), line };
  return left;
}

function parseAnd(tokens: TokenStream): Expression {
  const { line } = tokens;
  let left = parseNot(tokens);
  while (tokens.skipName('and')) left = { type: 'and', left, right: parseNot(tokens), line };
  return left;
}

function parseNot(tokens: TokenStream): Expression {
  const { line } = tokens;
  if (tokens.skipName('not')) return { type: 'not', of: parseNot(tokens), line };
  return parseComparison(tokens);
}

function parseComparison(tokens: TokenStream): Expression {
  const { line } = tokens;
  const first = parseSum(tokens);
  const rest: { operator: Operator; of: Expression }[] = [];
  for (;;) {
    const operator = comparisonSign(tokens);
    if (operator === undefined) break;
    rest.push({ operator, of: parseSum(tokens) });
  }
  return rest.length === 0 ? first : { type: 'comparison', first, rest, line };
}

function comparisonSign(tokens: TokenStream): Operator | undefined {
  if (tokens.isSign('==', '!=', '<', '<=', '>', '>=')) return tokens.next().text as Operator;
  if (tokens.skipName('in')) return 'in';
  if (!tokens.isName('not')) return undefined;
  const following = tokens.peek();
  if (following.type !== 'name' || following.text !== 'in') return undefined;
  tokens.next();
  tokens.next();
  return 'not in';
}

const parseSum = operations(parseJoined, '+', '-');

function parseJoined(tokens: TokenStream): Expression {
  const { line } = tokens;
  const parts = [parseProduct(tokens)];
  while (tokens.skipSign('~')) parts.push(parseProduct(tokens));
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : { type: 'joined', parts, line };
}

const parsePower = operations((tokens) => parseUnary(tokens, true), '**');

const parseProduct = operations(parsePower, '*', '/', '//', '%');

/** Operations of one rank, from left to right. */
function operations(
  parseOperand: (tokens: TokenStream) => Expression,
  ...signs: readonly Operator[]
): (tokens: TokenStream) => Expression {
  return (tokens) => {
    const { line } = tokens;
    let left = parseOperand(tokens);
    while (tokens.isSign(...signs)) {
      const operator = tokens.next().text as Operator;
      left = { type: 'operation', operator, left, right: parseOperand(tokens), line };
    }
    return left;
  };
}

function parseUnary(tokens: TokenStream, takesFilters: boolean): Expression {
  const { line } = tokens;
  let value: Expression;
  if (tokens.skipSign('-')) value = { type: 'negative', of: parseUnary(tokens, false), line };
  else if (tokens.skipSign('+')) value = { type: 'positive', of: parseUnary(tokens, false), line };
  else value = parsePrimary(tokens);
  value = parsePostfix(tokens, value);
  return takesFilters ? parseFiltersAndTests(tokens, value) : value;
}

function parsePrimary(tokens: TokenStream): Expression {
  const { type, text, line } = tokens.current;
  if (type === 'name') {
    tokens.next();
    if (constants.has(text)) return { type: 'constant', value: constants.get(text) ?? null, line };
    tokens.reads.push(text);
    return { type: 'name', name: text, line };
  }
  if (type === 'text') return parseText(tokens);
  if (type === 'number') {
    tokens.next();
    if (text.length > mostDigits) throw syntaxFault('a number has too many digits', line);
    return { type: 'constant', value: numberIn(text), line };
  }
  if (tokens.skipSign('(')) {
    const inside: Expression = tokens.isSign(')')
      ? { type: 'tuple', items: [], line }
      : parseTuple(tokens);
    tokens.expectSign(')');
    return inside;
  }
  if (tokens.skipSign('[')) return { type: 'list', items: parseItems(tokens, ']'), line };
  if (tokens.skipSign('{')) return parseDict(tokens, line);
  throw tokens.unexpected();
}

const constants = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function parseText(tokens: TokenStream): Expression {
  const { line } = tokens;
  let value = '';
  while (tokens.current.type === 'text') value += tokens.next().text;
  return { type: 'constant', value, line };
}

/** Python's own limit. */
const mostDigits = 4_300;

function numberIn(source: string): bigint | number {
  const text = source.replaceAll('_', '').toLowerCase();
  return /^0x|^[^.e]*$/.test(text) ? BigInt(text) : Number(text);
}

function parseItems(tokens: TokenStream, closing: string): Expression[] {
  const items: Expression[] = [];
  while (!tokens.isSign(closing)) {
    if (items.length > 0) tokens.expectSign(',');
    if (tokens.isSign(closing)) break;
    items.push(parseExpression(tokens));
  }
  tokens.expectSign(closing);
  return items;
}

function parseDict(tokens: TokenStream, line: number): Expression {
  const members: (readonly [Expression, Expression])[] = [];
  while (!tokens.isSign('}')) {
    if (members.length > 0) tokens.expectSign(',');
    if (tokens.isSign('}')) break;
    const key = parseExpression(tokens);
    tokens.expectSign(':');
    members.push([key, parseExpression(tokens)]);
  }
  tokens.expectSign('}');
  return { type: 'dict', members, line };
}

function parsePostfix(tokens: TokenStream, value: Expression): Expression {
  let reached = value;
  for (;;) {
    const { line } = tokens;
    if (tokens.skipSign('.')) reached = parseMember(tokens, reached);
    else if (tokens.skipSign('[')) reached = parseSubscript(tokens, reached);
    else if (tokens.isSign('(')) {
      reached = { type: 'call', of: reached, args: parseArguments(tokens), line };
    } else return reached;
  }
}

function parseMember(tokens: TokenStream, of: Expression): Expression {
  const { type, text, line } = tokens.next();
  if (type === 'name') return { type: 'attribute', of, name: text, line };
  if (type !== 'number' || !/^\d+$/.test(text)) throw syntaxFault('expected name or number', line);
  return { type: 'item', of, key: { type: 'constant', value: BigInt(text), line }, line };
}

function parseSubscript(tokens: TokenStream, of: Expression): Expression {
  const { line } = tokens;
  const bounds: (Expression | undefined)[] = [];
  do {
    bounds.push(tokens.isSign(':', ']') ? undefined : parseTuple(tokens));
  } while (tokens.skipSign(':'));
  tokens.expectSign(']');
  if (bounds.length > 3) throw syntaxFault('unexpected `:`', line);
  if (bounds.length > 1) return { type: 'slice', of, bounds, line };
  const [key] = bounds;
  if (key === undefined) throw syntaxFault('expected subscript expression', line);
  return { type: 'item', of, key, line };
}

function parseFiltersAndTests(tokens: TokenStream, value: Expression): Expression {
  let found = value;
  for (;;) {
    const { line } = tokens;
    if (tokens.isSign('|')) found = parseFilters(tokens, found, false) ?? found;
    else if (tokens.skipName('is')) found = parseTest(tokens, found);
    else if (tokens.isSign('(')) {
      found = { type: 'call', of: found, args: parseArguments(tokens), line };
    } else return found;
  }
}

function parseTest(tokens: TokenStream, of: Expression): Expression {
  const { line } = tokens;
  const isNegated = tokens.skipName('not');
  const name = parseDottedName(tokens);
  let args = noArguments;
  if (tokens.isSign('(')) args = parseArguments(tokens);
  else if (takesArgument(tokens)) {
    if (tokens.isName('is')) throw syntaxFault('tests cannot be chained with `is`', line);
    args = { ...noArguments, positional: [parsePostfix(tokens, parsePrimary(tokens))] };
  }
  const test: Expression = { type: 'test', of, name, args, line };
  return isNegated ? { type: 'not', of: test, line } : test;
}

function takesArgument(tokens: TokenStream): boolean {
  const { type } = tokens.current;
  if (tokens.isName('else', 'or', 'and')) return false;
  return ['name', 'text', 'number'].includes(type) || tokens.isSign('(', '[', '{');
}

function parseDottedName(tokens: TokenStream): string {
  let name = tokens.expectName();
  while (tokens.skipSign('.')) name += `.${tokens.expectName()}`;
  return name;
}

function parseArguments(tokens: TokenStream): CallArguments {
  const positional: Expression[] = [];
  const named: (readonly [string, Expression])[] = [];
  let spread: Expression | undefined;
  let spreadNamed: Expression | undefined;
  tokens.expectSign('(');
  for (let isFirst = true; !tokens.isSign(')'); isFirst = false) {
    if (!isFirst) tokens.expectSign(',');
    if (tokens.isSign(')')) break;
    if (tokens.skipSign('*')) spread = parseExpression(tokens);
    else if (tokens.skipSign('**')) spreadNamed = parseExpression(tokens);
    else if (isNamedArgument(tokens)) {
      const name = tokens.expectName();
      tokens.next();
      named.push([name, parseExpression(tokens)]);
    } else {
      if (named.length > 0 || spreadNamed) throw tokens.unexpected('a named argument');
      positional.push(parseExpression(tokens));
    }
  }
  tokens.expectSign(')');
  return { positional, named, spread, spreadNamed };
}

function isNamedArgument(tokens: TokenStream): boolean {
  if (tokens.current.type !== 'name') return false;
  const following = tokens.peek();
  return following.type === 'sign' && following.text === '=';
}
