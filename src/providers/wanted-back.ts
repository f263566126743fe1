import { isRecord } from '../kernel/json-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields of an answer that the server which sent them wants back with the message, or the next
 * turn is refused or worse: thinking (DeepSeek, Kimi, vLLM), its signed form (OpenRouter), and the
 * signatures of thoughts (Google's compatible endpoint, LiteLLM). OpenAI itself sends none of them.
 */
const ofMessages = [
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
  'extra_content',
  'provider_specific_fields',
];
const ofCalls = ['extra_content', 'provider_specific_fields'];

/** What a turn keeps of an answer beside its message: a part that only this vendor's wire reads. */
interface WantedBack {
  readonly type: 'wanted-back';
  readonly message: Fields;
  /** One for each call, in the order of the calls. */
  readonly calls: readonly Fields[];
}

/** The part to keep of an answer's body; undefined when the server wants nothing back. */
export function wantedBack(body: unknown): WantedBack | undefined {
  const [choice] = isRecord(body) && Array.isArray(body['choices']) ? body['choices'] : [];
  const said = isRecord(choice) && isRecord(choice['message']) ? choice['message'] : {};
  const message = picked(said, ofMessages);
  const calls = (Array.isArray(said['tool_calls']) ? said['tool_calls'] : []).map((call) =>
    picked(call, ofCalls),
  );
  const isEmpty = [message, ...calls].every((fields) => Object.keys(fields).length === 0);
  return isEmpty ? undefined : { type: 'wanted-back', message, calls };
}

/** Whether a part is none of the answer's content. */
export function isWantedBack(part: unknown): part is WantedBack {
  return isRecord(part) && part['type'] === 'wanted-back';
}

function picked(given: unknown, names: readonly string[]): Fields {
  if (!isRecord(given)) return {};
  return Object.fromEntries(
    names.filter((name) => given[name] != null).map((name) => [name, given[name]]),
  );
}
