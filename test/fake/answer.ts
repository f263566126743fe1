import type { IncomingHttpHeaders } from 'node:http';
import { parseExactJson } from '../../src/kernel/exact-json.ts';

/** A call of a tool; arguments that are text go out as they are, JSON or not. */
export interface FakeToolCall {
  readonly id?: string;
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>> | string;
}

export type FakeThinking =
  | { readonly thinking: string; readonly signature: string }
  | { readonly redacted: string };

/** Tokens in disjoint buckets; what is left out is not on the wire, where the wire allows that. */
export interface FakeUsage {
  readonly input: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning?: number;
}

/** How an answer goes wrong on its way, counted in bytes of its body. */
interface Faults {
  /** The connection breaks after so many bytes. */
  readonly cutAfter?: number;
  /** The answer ends properly after so many bytes. */
  readonly endAfter?: number;
  /** Nothing comes after so many bytes, and the connection stays open. */
  readonly stallAfter?: number;
  /** Nothing comes at all, not even a status. */
  readonly isSilent?: boolean;
  /** Written in pieces of so many bytes, which splits characters and events. */
  readonly pieceBytes?: number;
}

/** What a model says: text (a list: in these chunks), thinking (not OpenAI), tool calls. */
export interface FakeAnswer extends Faults {
  readonly text?: string | readonly string[];
  readonly thinking?: readonly FakeThinking[];
  readonly toolCalls?: readonly FakeToolCall[];
  /** In the vendor's words; by default what goes with the answer. */
  readonly finishReason?: string;
  /** Null: none (chat completions and Google). */
  readonly usage?: FakeUsage | null;
  /** More fields of the body, or of each chunk (OpenAI) or the first event's message (Anthropic). */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Events after so many of the answer's own have gone: each a whole `data:` object. */
  readonly inject?: { readonly after: number; readonly event: unknown };
  /** False: the stream ends before it says that it is finished. */
  readonly isFinished?: boolean;
}

/** Anything else: `{ status: 503, body: { error: … } }`, or a web page with status 200. */
export interface FakeResponse extends Faults {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body: unknown;
}

export type FakeStep = FakeAnswer | FakeResponse;

export interface FakeRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** How long the answer's body would be without faults. */
  wholeBytes: number;
  /** The answer's body as it would be without faults, once it has been answered. */
  wholeBody?: Buffer;
  /** Whether the caller hung up before the answer ended. */
  isAborted: boolean;
}

/** How a vendor puts an answer on its wire. */
export interface FakeWire {
  /** The paths that it answers. */
  readonly path: RegExp;
  /** Of its streams; undefined: that of server-sent events. */
  readonly contentType?: string;
  /** Undefined: as the body's `stream` says. */
  isStream?(request: FakeRequest): boolean;
  whole(answer: FakeAnswer, request: FakeRequest): unknown;
  events(answer: FakeAnswer, request: FakeRequest): (string | Uint8Array)[];
  /** How many of the events, from the last, say that the answer is finished. */
  lastEvents(request: FakeRequest): number;
  /** An event as it is on the wire; undefined: its JSON after `data:`. */
  event?(data: unknown): string | Uint8Array;
}

export function textOf({ text = '' }: FakeAnswer): string {
  return typeof text === 'string' ? text : text.join('');
}

/** Pieces of text as a stream sends them: those given, or one for each word. */
export function chunksOf(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? (text.match(/\s*\S+|\s+$/g) ?? []) : text;
}

export function fragments(text: string): readonly string[] {
  return text.match(/[\s\S]{1,8}/g) ?? [];
}

export function callsOf({ toolCalls = [] }: FakeAnswer, prefix: string) {
  return toolCalls.map(({ id, name, arguments: given = {} }, index) => ({
    id: id ?? `${prefix}_${index + 1}`,
    name,
    text: typeof given === 'string' ? given : JSON.stringify(given),
  }));
}

export const someUsage: FakeUsage = { input: 12, cacheRead: 0, output: 7, reasoning: 0 };

export function parsed(json: string): unknown {
  try {
    return parseExactJson(json);
  } catch {
    return json;
  }
}

export function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

export function named(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\n${event(data)}`;
}
