import { withDoubles } from '../../kernel/exact-json.ts';
import { Nonsense } from '../vendor-failure.ts';
import { callFields } from './said-in-choices.ts';

type Writable = Record<string, unknown>;

/** A call of a tool as far as it has come. */
export interface FoldedCall {
  id: string | undefined;
  index: number | undefined;
  type: unknown;
  name: string;
  arguments: string;
  /** Characters that were read to find out whether the arguments are whole. */
  read: number;
  /** Fields that are not OpenAI's. */
  readonly rest: Writable;
}

/** Far above what any model makes in one answer. Each piece is compared with all calls before it. */
const mostCalls = 1_000;

/**
 * Adds a piece of a call to the calls so far. Servers number calls from 0 or from 1, all with 0 or
 * not at all; give each piece a new id, or all calls the same; and send names late, again or in
 * pieces. So a piece begins a call when it has a name, and no call before it wants the rest of its
 * arguments.
 *
 * @param mergeRest merges fields that are not OpenAI's.
 * @throws Nonsense for more than 1,000 calls.
 */
export function addCallPiece(
  calls: FoldedCall[],
  given: Readonly<Record<string, unknown>>,
  mergeRest: (rest: Writable, more: Readonly<Record<string, unknown>>) => void,
): void {
  const piece = pieceOf(given);
  const before = callBefore(calls, piece);
  if (before === undefined || beginsCall(before, piece)) {
    if (calls.length === mostCalls) {
      throw new Nonsense(`made more than ${mostCalls} calls of tools in one answer.`);
    }
    const { id, index, type, name = '', arguments: start } = piece;
    const call: FoldedCall = { id, index, type, name, arguments: start, read: 0, rest: {} };
    mergeRest(call.rest, piece.rest);
    calls.push(call);
    return;
  }
  before.id ??= piece.id;
  before.index ??= piece.index;
  before.type ??= piece.type;
  before.name = joinedName(before.name, piece.name ?? '');
  before.arguments = joinedArguments(before, piece.arguments);
  mergeRest(before.rest, piece.rest);
}

/** The call in its form without a stream. */
export function wholeCall({ id, type, name, arguments: json, rest }: FoldedCall): Writable {
  return {
    ...(id !== undefined && { id }),
    ...(type !== undefined && { type }),
    function: { name, arguments: json },
    ...rest,
  };
}

interface Piece {
  readonly id: string | undefined;
  readonly index: number | undefined;
  readonly type: unknown;
  readonly name: string | undefined;
  readonly arguments: string;
  readonly rest: Readonly<Record<string, unknown>>;
}

function pieceOf(given: Readonly<Record<string, unknown>>): Piece {
  const { id: _id, index, type, function: _call, custom: _custom, ...others } = given;
  // Without `function`, the name and the arguments stand beside the id.
  const { name: _name, arguments: _arguments, ...rest } = others;
  const isText = typeof index === 'string' && index !== '';
  const number = isText ? Number(index) : withDoubles(index);
  return {
    ...callFields(given),
    index: typeof number === 'number' && Number.isInteger(number) ? number : undefined,
    type: type == null || type === '' ? undefined : type,
    rest,
  };
}

/** The last call that a piece may belong to, by its number, its id or its place. */
function callBefore(calls: readonly FoldedCall[], { index, id, name }: Piece) {
  const numbered = calls.filter((call) => index !== undefined && call.index === index);
  if (numbered.length > 0) return numbered.findLast((call) => call.id === id) ?? numbered.at(-1);
  const unnumbered = calls.filter((call) => call.index === undefined || index === undefined);
  const named = unnumbered.findLast((call) => id !== undefined && call.id === id);
  if (named !== undefined || name !== undefined) return named;
  // A piece without a name begins no call.
  return (index === undefined ? undefined : unnumbered[index]) ?? calls.at(-1);
}

function beginsCall(before: FoldedCall, { id, type, name, arguments: start }: Piece): boolean {
  if (name === undefined) return false;
  const hasArguments = saysSomething(before.arguments);
  const isOpen = hasArguments && !isWhole(before);
  if (isOpen || before.name === '') return false;
  const isSameId = id !== undefined && id === before.id;
  if (id !== undefined && before.id !== undefined && !isSameId) return true;
  if (hasArguments && saysSomething(start)) {
    // With its id, it may be the same call once more, or arguments in place of none.
    return !(isSameId && (start === before.arguments || isEmptyObject(before.arguments)));
  }
  if (isSameId || name === before.name) return false;
  return hasArguments || type !== undefined;
}

function joinedName(before: string, more: string): string {
  if (more === '' || more === before) return before;
  return more.startsWith(before) ? more : before + more;
}

/** Some servers begin with an empty object, and send the true arguments after it; some repeat all. */
function joinedArguments(call: FoldedCall, more: string): string {
  const { arguments: before } = call;
  if (isEmptyObject(before) && more.trimStart().startsWith('{')) return more;
  return more === before && more.length > 1 && isWhole(call) ? before : before + more;
}

// To look into a text that has grown by a piece, all of it has to be copied. So long ones are looked
// into as seldom as can be.
const short = 1_000;

function saysSomething(text: string): boolean {
  return text.length > short || text.trim() !== '';
}

function isEmptyObject(json: string): boolean {
  return json.length <= short && /^\s*\{\s*\}\s*$/.test(json);
}

/** Arguments that come in thousands of pieces with a name would be read again with each. */
const mostRead = 20_000_000;

function isWhole(call: FoldedCall): boolean {
  const { arguments: json } = call;
  call.read += json.length;
  if (call.read > mostRead) return false;
  const last = json.trimEnd().at(-1);
  if (last !== '}' && last !== ']') return false;
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}
