import { type JinjaTag, type JinjaToken, jinjaTags } from './jinja-tags.ts';

/** A place where a template reads a name that it did not set itself. */
interface JinjaRead {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** True if an undefined value is no error here: before `| default(…)` and before `is`. */
  readonly isGuarded: boolean;
}

/** The names that a text needs as inputs, in order, one entry for each use. */
export function jinjaVariables(source: string): string[] {
  return jinjaReads(source).map(({ name }) => name);
}

/**
 * The places where a text reads an input.
 *
 * This follows Jinja's scopes (`for`, `set`, `with`, `macro`, `call`, `block`) without checking the
 * grammar: after a syntax error it reads what it can. Linear in the length of the source.
 */
export function jinjaReads(source: string): JinjaRead[] {
  const scope = new Scope();
  for (const tag of jinjaTags(source)) {
    if (tag.type === 'expression') scope.read(tag.tokens);
    else readStatement(tag, scope);
  }
  return scope.reads;
}

const words = new Set('and or not in is if else true false none True False None'.split(' '));

/** Functions of Jinja, which are called unless an input has the same name. */
const functions = new Set('range dict namespace cycler joiner super'.split(' '));

interface Block {
  readonly type: string;
  readonly names: string[];
  /** The name that the text of a `{% set name %}…{% endset %}` gets. */
  readonly setAtEnd?: string | undefined;
}

class Scope {
  readonly reads: JinjaRead[] = [];
  readonly #blocks: Block[] = [{ type: '', names: [] }];
  // How often each name is bound. Counted, so that a look-up need not search all open blocks.
  readonly #bound = new Map<string, number>();

  open(type: string, setAtEnd?: string): void {
    this.#blocks.push({ type, names: [], setAtEnd });
  }

  close(type: string): void {
    if (this.#blocks.at(-1)?.type !== type) return;
    const block = this.#blocks.pop();
    for (const name of block?.names ?? []) {
      this.#bound.set(name, (this.#bound.get(name) ?? 1) - 1);
    }
    if (block?.setAtEnd !== undefined) this.bind(block.setAtEnd);
  }

  bind(name: string): void {
    this.#blocks.at(-1)?.names.push(name);
    this.#bound.set(name, (this.#bound.get(name) ?? 0) + 1);
  }

  read(tokens: readonly JinjaToken[]): void {
    tokens.forEach(({ type, text: name, line }, index) => {
      if (type !== 'name' || words.has(name) || (this.#bound.get(name) ?? 0) > 0) return;
      const next = tokens[index + 1];
      if (isPartOfName(tokens, index) || next?.text === '=') return;
      if (functions.has(name) && next?.text === '(') return;
      const filter = next?.text === '|' ? tokens[index + 2]?.text : undefined;
      const isGuarded = next?.text === 'is' || filter === 'default' || filter === 'd';
      this.reads.push({ name, line, isGuarded });
    });
  }
}

/** Whether a name is an attribute, a filter or a test: `.name`, `| name`, `is name`, `is not name`. */
function isPartOfName(tokens: readonly JinjaToken[], index: number): boolean {
  const before = tokens[index - 1]?.text;
  if (before === '.' || before === '|' || before === 'is') return true;
  return before === 'not' && tokens[index - 2]?.text === 'is';
}

function readStatement({ tokens: [keyword, ...tokens] }: JinjaTag, scope: Scope): void {
  const name = keyword?.text ?? '';
  // `include`, `extends` and `import` are not handled: they fail, since nothing can be loaded.
  statements.get(name)?.(tokens, scope);
  if (name.startsWith('end')) scope.close(name.slice('end'.length));
}

type ReadStatement = (tokens: readonly JinjaToken[], scope: Scope) => void;

const readAll: ReadStatement = (tokens, scope) => scope.read(tokens);

const statements: ReadonlyMap<string, ReadStatement> = new Map([
  ['if', readAll],
  ['elif', readAll],
  ['do', readAll],
  ['autoescape', readAll],
  ['filter', (tokens, scope) => scope.read(tokens.slice(1))],
  ['for', readFor],
  ['set', readSet],
  ['with', readWith],
  ['macro', readMacro],
  ['call', readCall],
  ['block', (_tokens, scope) => scope.open('block')],
]);

function readFor(tokens: readonly JinjaToken[], scope: Scope): void {
  const inAt = indexAtTopLevel(tokens, 'in');
  const source = tokens.slice(inAt + 1);
  const ifAt = indexAtTopLevel(source, 'if');
  scope.read(source.slice(0, ifAt).filter(({ text }) => text !== 'recursive'));
  scope.open('for');
  scope.bind('loop');
  bindAll(tokens.slice(0, inAt), scope);
  scope.read(source.slice(ifAt).filter(({ text }) => text !== 'recursive'));
}

function readSet(tokens: readonly JinjaToken[], scope: Scope): void {
  if (indexAtTopLevel(tokens, '=') < tokens.length) {
    readAssignment(tokens, scope);
  } else {
    scope.read(tokens.slice(1));
    scope.open('set', tokens[0]?.text);
  }
}

/** `with a=1, b=c`: no value sees the names beside it. */
function readWith(tokens: readonly JinjaToken[], scope: Scope): void {
  const assignments = splitAtCommas(tokens).map((assignment) => {
    const equalsAt = indexAtTopLevel(assignment, '=');
    return { target: assignment.slice(0, equalsAt), value: assignment.slice(equalsAt + 1) };
  });
  for (const { value } of assignments) scope.read(value);
  scope.open('with');
  for (const { target } of assignments) bindAll(target, scope);
}

function readMacro([name, ...tokens]: readonly JinjaToken[], scope: Scope): void {
  if (name) scope.bind(name.text);
  scope.open('macro');
  for (const given of ['caller', 'varargs', 'kwargs']) scope.bind(given);
  readAssignments(tokens.slice(1), scope);
}

/** `{% call(a, b=c) render(d) %}`; the first parentheses are optional. */
function readCall(tokens: readonly JinjaToken[], scope: Scope): void {
  const end = tokens[0]?.text === '(' ? indexAtTopLevel(tokens, ')') : 0;
  scope.read(tokens.slice(end));
  scope.open('call');
  readAssignments(tokens.slice(1, end), scope);
}

/** `a, b=1, c=d`: binds the names and reads the values as expressions. */
function readAssignments(tokens: readonly JinjaToken[], scope: Scope): void {
  for (const assignment of splitAtCommas(tokens)) readAssignment(assignment, scope);
}

function readAssignment(tokens: readonly JinjaToken[], scope: Scope): void {
  const equalsAt = indexAtTopLevel(tokens, '=');
  const target = tokens.slice(0, equalsAt);
  scope.read(tokens.slice(equalsAt + 1));
  // `set found.name = …` changes the value of `found`. It binds no name.
  if (target.some(({ text }) => text === '.')) scope.read(target);
  else bindAll(target, scope);
}

function bindAll(tokens: readonly JinjaToken[], scope: Scope): void {
  for (const { type, text } of tokens) {
    if (type === 'name') scope.bind(text);
  }
}

/** The index of a token outside of brackets; the number of tokens if there is none. */
function indexAtTopLevel(tokens: readonly JinjaToken[], text: string): number {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isOpening(token)) depth++;
    if (isClosing(token)) depth--;
    if (token.text === text && depth <= 0) return index;
  }
  return tokens.length;
}

function splitAtCommas(tokens: readonly JinjaToken[]): JinjaToken[][] {
  const parts: JinjaToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isOpening(token)) depth++;
    if (isClosing(token)) depth--;
    if (token.text === ',' && depth <= 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function isOpening({ type, text }: JinjaToken): boolean {
  return type === 'sign' && '([{'.includes(text);
}

function isClosing({ type, text }: JinjaToken): boolean {
  return type === 'sign' && ')]}'.includes(text);
}
