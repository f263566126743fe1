import { withDoubles } from '../../kernel/exact-json.ts';
import { isRecord } from '../../kernel/json-object.ts';
import type { Draft, DraftCall } from './draft.ts';
import { rejected } from './failures.ts';

/** A step of a script: the behaviour of one model call. */
export interface ScriptStep {
  readonly draft: Draft;
  /** Milliseconds before the first word. */
  readonly delayMs: number;
  /** Milliseconds before every other word. */
  readonly wordDelayMs: number;
  /** The failure that ends the call, after its words if there are any. */
  readonly error:
    | {
        readonly status: number;
        readonly message: string;
        readonly retryAfterMs: number | undefined;
      }
    | undefined;
  /** Numbers that replace the counted ones. */
  readonly usage: ScriptUsage;
  readonly finishReason: string | undefined;
}

export interface ScriptUsage {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cachedTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
}

/**
 * The script's step for a model call.
 *
 * The whole script is checked each time, so that a mistake in its last step shows in the first
 * call.
 *
 * @param script the request's `other.script`.
 * @param turn the number of the model call in its conversation, from 1.
 * @returns undefined when there is no script, or no step for this turn.
 * @throws ProviderFailure (rejected) that names the first faulty place of the script.
 */
export function scriptStep(script: unknown, turn: number): ScriptStep | undefined {
  if (script === undefined || script === null) return undefined;
  const place = 'other.script';
  if (!Array.isArray(script)) throw rejected(`${place} must be an array`);
  const steps = script.map((step, index) =>
    readStep(fields(step, `${place}[${index}]`, stepFields)),
  );
  return steps[turn - 1];
}

const stepFields = [
  'content',
  'reasoning',
  'tool_calls',
  'delay_ms',
  'word_delay_ms',
  'error',
  'usage',
  'finish_reason',
];

function readStep(step: Fields): ScriptStep {
  return {
    draft: {
      reasoning: step.string('reasoning') ?? '',
      content: step.string('content') ?? '',
      toolCalls: step.list('tool_calls', ['name', 'arguments', 'id']).map(readCall),
    },
    delayMs: step.number('delay_ms', maxDelayMs) ?? 0,
    wordDelayMs: step.number('word_delay_ms', maxDelayMs) ?? 0,
    error: readError(step.object('error', ['status', 'message', 'retry_after_ms'])),
    usage: readUsage(step.object('usage', usageFields)),
    finishReason: step.string('finish_reason'),
  };
}

// The longest delay of a timer: a longer one would fire at once.
const maxDelayMs = 2 ** 31 - 1;

function readCall(call: Fields): DraftCall {
  const name = call.string('name');
  if (!name) throw rejected(`${call.place}.name must be a string that is not empty`);
  const id = call.string('id');
  if (id === '') throw rejected(`${call.place}.id must not be empty`);
  const given = call.value('arguments') ?? {};
  if (typeof given === 'string') return { id, name, arguments: given };
  if (!isRecord(given)) throw rejected(`${call.place}.arguments must be an object or a string`);
  return { id, name, arguments: JSON.stringify(given) };
}

function readError(error: Fields | undefined): ScriptStep['error'] {
  if (error === undefined) return undefined;
  const status = error.number('status', 599) ?? 500;
  if (!Number.isInteger(status) || status < 400) {
    throw rejected(`${error.place}.status must be a whole number from 400 to 599`);
  }
  return {
    status,
    message: error.string('message') ?? 'the script says so',
    retryAfterMs: error.number('retry_after_ms', maxDelayMs),
  };
}

const usageFields = ['input_tokens', 'output_tokens', 'cached_tokens', 'reasoning_tokens'];

function readUsage(usage: Fields | undefined): ScriptUsage {
  return {
    inputTokens: usage?.number('input_tokens', Number.MAX_SAFE_INTEGER),
    outputTokens: usage?.number('output_tokens', Number.MAX_SAFE_INTEGER),
    cachedTokens: usage?.number('cached_tokens', Number.MAX_SAFE_INTEGER),
    reasoningTokens: usage?.number('reasoning_tokens', Number.MAX_SAFE_INTEGER),
  };
}

/** Reads an object of the script field by field; a null field counts as absent. */
interface Fields {
  readonly place: string;
  value(name: string): unknown;
  string(name: string): string | undefined;
  number(name: string, max: number): number | undefined;
  list(name: string, known: readonly string[]): Fields[];
  object(name: string, known: readonly string[]): Fields | undefined;
}

function fields(source: unknown, place: string, known: readonly string[]): Fields {
  if (!isRecord(source)) throw rejected(`${place} must be an object`);
  for (const name of Object.keys(source)) {
    // Otherwise a step with a misspelt field would silently do nothing.
    if (!known.includes(name)) {
      throw rejected(`${place}.${name} is not a field; there are ${known.join(', ')}`);
    }
  }
  const value = (name: string): unknown =>
    Object.hasOwn(source, name) ? (source[name] ?? undefined) : undefined;
  return {
    place,
    value,
    string(name) {
      const found = value(name);
      if (found === undefined || typeof found === 'string') return found;
      throw rejected(`${place}.${name} must be a string`);
    },
    number(name, max) {
      const found = withDoubles(value(name));
      if (found === undefined) return undefined;
      if (typeof found === 'number' && found >= 0 && found <= max) return found;
      throw rejected(`${place}.${name} must be a number from 0 to ${max}`);
    },
    list(name, knownInside) {
      const found = value(name) ?? [];
      if (!Array.isArray(found)) throw rejected(`${place}.${name} must be an array`);
      return found.map((item, index) => fields(item, `${place}.${name}[${index}]`, knownInside));
    },
    object(name, knownInside) {
      const found = value(name);
      return found === undefined ? undefined : fields(found, `${place}.${name}`, knownInside);
    },
  };
}
