import { withDoubles } from '../../kernel/exact-json.ts';
import { isRecord } from '../../kernel/json-object.ts';
import type { Said, SaidCall } from '../said.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads what a body of chat completions or completions says, wherever servers put it. */
export function saidInBody(body: unknown): Said {
  const said = choicesIn(body).map((choice) => saidInMessage(messageIn(choice)));
  const { text = '', reasoning = '', calls = [] } = said[0] ?? {};
  // One answer was asked for. Some gateways put its text and its calls into a choice each.
  return {
    text: text || (said.find((other) => other.text !== '')?.text ?? ''),
    reasoning: reasoning || (said.find((other) => other.reasoning !== '')?.reasoning ?? ''),
    calls: calls.length > 0 ? calls : (said.find((other) => other.calls.length > 0)?.calls ?? []),
  };
}

/** The choices of a body or a chunk; a single one may stand alone. */
export function choicesIn(body: unknown): readonly Fields[] {
  if (!isRecord(body)) return [];
  const { choices, message, done_reason: finish_reason } = body;
  // Ollama's own API has no choices.
  return recordsIn(
    choices === undefined && isRecord(message) ? { message, finish_reason } : choices,
  );
}

/** Whether what stands in `choices` can be read: it may also be missing. */
export function mayBeChoices(given: unknown): boolean {
  return given == null || typeof given === 'object';
}

/** The number of a choice; the first, where it has none. */
export function indexOf({ index }: Fields): number {
  const isText = typeof index === 'string' && index !== '';
  const number = isText ? Number(index) : withDoubles(index);
  return typeof number === 'number' && Number.isInteger(number) ? number : 0;
}

/** The text of a choice that has no message: that of a completion, or in place of a message. */
export function bareText({ text, delta, message }: Fields): string | undefined {
  return [text, delta, message].find((given) => typeof given === 'string');
}

/** The message of a choice: whole, a piece of one, or the bare text of a completion. */
export function messageIn(choice: Fields): Fields {
  const { message, delta } = choice;
  if (isRecord(message)) return message;
  if (isRecord(delta)) return delta;
  return { content: bareText(choice) };
}

/**
 * What a message says, or a piece of one.
 *
 * @param field the one that has its reasoning; null: none has. By default the one with the most.
 */
export function saidInMessage(
  message: Fields,
  field: string | null = reasoningField(message),
): Said {
  const { content, refusal, audio } = message;
  const inContent = partsIn(content);
  const text = inContent.text + asText(refusal);
  return {
    text: text === '' && isRecord(audio) ? asText(audio['transcript']) : text,
    reasoning: inContent.reasoning + (field ? textIn(message[field]) : ''),
    calls: callsIn(message),
  };
}

/** Text and reasoning of content that is a text, a part or a list of parts. */
function partsIn(content: unknown): { readonly text: string; readonly reasoning: string } {
  if (typeof content === 'string') return { text: content, reasoning: '' };
  const said = { text: '', reasoning: '' };
  for (const part of Array.isArray(content) ? content : [content]) {
    if (typeof part === 'string') said.text += part;
    if (!isRecord(part)) continue;
    const isThought = /think|reason/.test(asText(part['type']));
    said[isThought ? 'reasoning' : 'text'] += textIn(part);
  }
  return said;
}

/** Where parts of all kinds have their text; that of a thought may be a list of parts. */
const textFields = ['text', 'thinking', 'reasoning', 'refusal', 'summary', 'value', 'content'];

function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textIn).join('');
  if (!isRecord(value)) return '';
  for (const field of textFields) {
    const text = textIn(value[field]);
    if (text !== '') return text;
  }
  return '';
}

/** Where servers put reasoning. Those that name it twice mean it once. */
const reasoningFields = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_details'];

/** The field that has the most reasoning of a message; null: none has. */
export function reasoningField(message: Fields): string | null {
  let most = 0;
  let found: string | null = null;
  for (const field of reasoningFields) {
    const { length } = textIn(message[field]);
    if (length <= most) continue;
    most = length;
    found = field;
  }
  return found;
}

function callsIn({ tool_calls: given, function_call: old, content }: Fields): readonly SaidCall[] {
  const calls = recordsIn(given);
  const inContent = recordsIn(content).filter(({ type }) =>
    /^(tool|function)_(use|call)$/.test(asText(type)),
  );
  const older = isRecord(old) ? [{ function: old }] : inContent;
  const all = (calls.length > 0 ? calls : older).map(saidCall);
  // An entry without a name and arguments is padding.
  return all.filter((call) => call.name !== '' || call.arguments !== '');
}

function recordsIn(given: unknown): readonly Fields[] {
  return (Array.isArray(given) ? given : [given]).filter(isRecord);
}

function saidCall(call: Fields): SaidCall {
  const { id, name, arguments: given } = callFields(call);
  return { id, name: name ?? '', arguments: given };
}

/** What a call, or a piece of one, has: in `function`, as a custom tool, or without a wrapper. */
export function callFields(call: Fields): {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly arguments: string;
} {
  const wrapped = [call['function'], call['custom']].find(isRecord) ?? call;
  const given = wrapped['arguments'] ?? wrapped['input'] ?? wrapped['parameters'];
  return {
    id: asText(call['id']) || undefined,
    name: asText(wrapped['name']).trim() || undefined,
    arguments: typeof given === 'string' || given == null ? (given ?? '') : JSON.stringify(given),
  };
}

/** A text; of a number its digits. */
function asText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}
