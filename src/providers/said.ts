import { parseExactJson } from '../kernel/exact-json.ts';
import type { ModelRequest } from './provider.ts';
import { Nonsense } from './vendor-failure.ts';

/** What one part of a body says. */
export interface SaidPart {
  readonly text?: string | undefined;
  readonly reasoning?: string | undefined;
  readonly call?:
    | { readonly id?: string | undefined; readonly name: unknown; readonly arguments: unknown }
    | undefined;
}

/** What a model says in a body, whatever the wire. */
export interface Said {
  readonly text: string;
  readonly reasoning: string;
  /** The calls of tools that we run; not those that the vendor ran itself. */
  readonly calls: readonly SaidCall[];
}

export interface SaidCall {
  /** Undefined: the vendor gave none. */
  readonly id?: string | undefined;
  readonly name: string;
  /** As the model wrote them: mostly JSON. */
  readonly arguments: string;
}

export function saysAnything({ text, reasoning, calls }: Said): boolean {
  return text !== '' || reasoning !== '' || calls.length > 0;
}

/** What the parts of a body say together. Calls without a name are none. */
export function saidInAll(parts: readonly SaidPart[]): Said {
  return {
    text: parts.map(({ text }) => text ?? '').join(''),
    reasoning: parts.map(({ reasoning }) => reasoning ?? '').join(''),
    calls: parts.flatMap(({ call }) =>
      call === undefined || typeof call.name !== 'string' || call.name === ''
        ? []
        : [{ id: call.id, name: call.name, arguments: argumentsText(call.arguments) }],
    ),
  };
}

function argumentsText(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given ?? {});
}

/** The name of the tool that packages add for an answer in JSON. */
const JSON_TOOL = 'json';

/**
 * Where a vendor has no other way to answer in JSON, its package asks for it as the call of a tool
 * that it adds. The arguments of that call are the answer, without any text beside it.
 */
export function withJsonAsText(said: Said, { responseFormat, tools }: ModelRequest): Said {
  const isAdded = responseFormat !== undefined && !tools.some(({ name }) => name === JSON_TOOL);
  if (!isAdded || !said.calls.some(({ name }) => name === JSON_TOOL)) return said;
  const answers = said.calls.filter(({ name }) => name === JSON_TOOL);
  return {
    ...said,
    text: answers.map((call) => call.arguments).join(''),
    calls: said.calls.filter(({ name }) => name !== JSON_TOOL),
  };
}

/**
 * Nothing is lost without a word: what the vendor's body says is what the answer says, and the other
 * way round. Spaces between words do not count.
 *
 * @param body the body as it came; the chunks of a stream are combined into one.
 * @throws Nonsense that names what was lost.
 */
export function requireNothingLost(said: Said, answer: Said, body: unknown): void {
  for (const type of ['text', 'reasoning'] as const) {
    if (isSame(said[type], answer[type])) continue;
    throw lost(type === 'text' ? 'text' : 'reasoning', said[type].length > answer[type].length);
  }
  if (said.calls.length !== answer.calls.length) {
    throw lost('tool calls', said.calls.length > answer.calls.length);
  }
  const left = answer.calls.map(callKey);
  for (const call of said.calls) {
    const at = left.indexOf(callKey(call));
    if (at === -1) throw lost(`arguments of a call of \`${call.name}\``, true);
    left.splice(at, 1);
  }

  function lost(what: string, isMissing: boolean): Nonsense {
    const end = isMissing ? 'could not be read into the answer' : 'cannot be found in what it sent';
    return new Nonsense(`sent an answer that was not understood: ${what} ${end}.`, body);
  }
}

function isSame(one: string, other: string): boolean {
  return one === other || withoutSpaces(one) === withoutSpaces(other);
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '');
}

function callKey({ name, arguments: given }: SaidCall): string {
  return `${name} ${canonicalArguments(given)}`;
}

function canonicalArguments(text: string): string {
  if (text.trim() === '' || text.trim() === 'null') return '{}';
  try {
    return JSON.stringify(parseExactJson(text));
  } catch {
    return withoutSpaces(text);
  }
}
