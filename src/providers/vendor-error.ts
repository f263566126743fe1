import { isRecord } from '../kernel/json-object.ts';
import type { FailureKind } from './provider.ts';

/** How deep the reason of an error is looked for: gateways pack errors into errors. */
const DEEPEST = 6;

/** How many faults of a list are told. */
const MAX_FAULTS = 3;

/**
 * Whether a body, or a chunk of a stream, is an error, or has one beside its answer. Gateways and
 * local servers send such with status 200.
 */
export function isError(body: unknown): boolean {
  if (Array.isArray(body)) return body.length > 0 && isError(body[0]);
  if (!isRecord(body)) return false;
  const { error, type, object, base_resp: base, choices } = body;
  if (saysSomething(error) || type === 'error' || object === 'error') return true;
  // MiniMax: https://platform.minimax.io/docs/api-reference/errorcode
  if (isRecord(base) && saysSomething(base['status_code'])) return true;
  const hasChoices = Array.isArray(choices) ? choices.length > 0 : choices != null;
  return !hasChoices && hasErrorMark(body) && errorMessage(body) !== undefined;
}

/** The vendor's own reason in an error body of any form; undefined: it gives none. */
export function errorMessage(body: unknown): string | undefined {
  return reasonIn(body, 0);
}

export function kindForStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  // Vendors' own clients repeat 408 (too slow) and 409 (a held lock). Amazon sends 424 when the
  // model failed: https://docs.aws.amazon.com/bedrock/latest/APIReference.
  if (status >= 500 || [408, 409, 424].includes(status)) return 'unavailable';
  return status >= 400 ? 'rejected' : 'nonsense';
}

/** The kind of an error that came with a success status. */
export function kindForError(body: unknown): FailureKind {
  const marks = marksIn(body, 0);
  const status = marks.map(Number).find((code) => code >= 400 && code <= 599);
  if (status !== undefined) return kindForStatus(status);
  return (
    kindByWords(kindsByWord, marks.join(' ')) ??
    kindByWords(kindsByPhrase, errorMessage(body) ?? '') ??
    'unavailable'
  );
}

/** Google answers 400 to an invalid key: https://ai.google.dev/gemini-api/docs/troubleshooting. */
export function saysBadKey(body: unknown): boolean {
  const [first] = Array.isArray(body) ? body : [body];
  const error = isRecord(first) && isRecord(first['error']) ? first['error'] : first;
  const details = isRecord(error) ? error['details'] : undefined;
  return (
    Array.isArray(details) &&
    details.some((detail) => isRecord(detail) && detail['reason'] === 'API_KEY_INVALID')
  );
}

/**
 * Failure kinds by words in an error's `type`, `code` or `status`; the first match is used. From
 * https://platform.claude.com/docs/en/api/errors,
 * https://platform.openai.com/docs/guides/error-codes and
 * https://ai.google.dev/gemini-api/docs/troubleshooting, read in November 2026.
 */
const kindsByWord: readonly (readonly [RegExp, FailureKind])[] = [
  [/rate_?limit|quota|too_?many|throttling|resource_exhausted/, 'rate_limited'],
  [/authenticat|permission|forbidden|unauthorized|invalid_api_key/, 'unauthorized'],
  [
    /invalid|not_?found|too_large|billing|balance|context_length|bad_?request|validation|unprocessable|content_filter/,
    'rejected',
  ],
];

/** The same by the words of a message, for errors that have no more than that. */
const kindsByPhrase: readonly (readonly [RegExp, FailureKind])[] = [
  [/rate.?limit|too many requests|quota/, 'rate_limited'],
  [/api.?key|unauthori[sz]ed|authenticat|permission denied/, 'unauthorized'],
  [
    /insufficient (balance|credit|funds)|context (length|window|size)|too many tokens|(model|path) .{0,80}not found|does not exist|invalid (param|request|argument)|not support/,
    'rejected',
  ],
];

function kindByWords(kinds: typeof kindsByWord, text: string): FailureKind | undefined {
  const words = text.toLowerCase();
  return kinds.find(([word]) => word.test(words))?.[1];
}

/** A field that is set to more than a vendor's way to say that there is no error. */
function saysSomething(value: unknown): boolean {
  if (isRecord(value)) return Object.values(value).some(saysSomething);
  if (Array.isArray(value)) return value.some(saysSomething);
  return value != null && value !== '' && value !== 0 && value !== '0' && value !== false;
}

/** Signs of an error in a body that is no answer. A message alone is none: it may be a ping. */
function hasErrorMark(body: Fields): boolean {
  const { status, success, type, header } = body;
  const isFailure =
    typeof status === 'number' ? status >= 400 : /^(error|fail)/i.test(text(status));
  return (
    isFailure ||
    codeFields.some((name) => saysSomething(body[name]) && Number(body[name]) !== 200) ||
    errorFields.some((name) => saysSomething(body[name])) ||
    success === false ||
    text(body['__type']) !== '' ||
    // iFlytek: https://www.xfyun.cn/doc/spark/Web.html
    (isRecord(header) && saysSomething(header['code'])) ||
    /error$/i.test(text(type))
  );
}

const codeFields = ['code', 'error_code', 'errorCode', 'errcode'];
const errorFields = ['detail', 'errors', 'error_msg', 'errorMessage', 'fault'];

type Fields = Readonly<Record<string, unknown>>;

/** Where errors say what they are, the most telling first. */
const messageFields = [
  'message',
  'Message',
  'msg',
  'error_message',
  'error_msg',
  'errorMessage',
  'errmsg',
  'faultstring',
  'status_msg',
  'error_description',
  'detail',
  'details',
  'reason',
  'description',
  'error',
  'errors',
  'Error',
  'fault',
  'base_resp',
  'header',
  'Response',
  'title',
  'text',
] as const;

function reasonIn(value: unknown, depth: number): string | undefined {
  if (depth > DEEPEST) return undefined;
  if (typeof value === 'string') return reasonInText(value, depth);
  if (Array.isArray(value)) return reasonInList(value, depth);
  if (!isRecord(value)) return undefined;
  const { error, metadata } = value;
  const named = messageFields.map((name) => value[name]);
  const outer = firstReason(isRecord(error) ? [error, ...named] : named, depth);
  // OpenRouter says "Provider returned error", and what the provider said beside it.
  const raw = isRecord(metadata) ? reasonIn(metadata['raw'], depth + 1) : undefined;
  if (outer === undefined || raw === undefined || outer.includes(raw)) return outer ?? raw;
  return `${outer}: ${raw}`;
}

function firstReason(values: readonly unknown[], depth: number): string | undefined {
  for (const value of values) {
    const reason = reasonIn(value, depth + 1);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonInList(list: readonly unknown[], depth: number): string | undefined {
  const reasons = list.flatMap((member) => reasonIn(member, depth + 1) ?? []);
  return reasons.length === 0 ? undefined : [...new Set(reasons)].slice(0, MAX_FAULTS).join('; ');
}

/** A text, or what it holds: JSON in a text, or an event of a stream. */
function reasonInText(given: string, depth: number): string | undefined {
  const trimmed = given.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return undefined;
  if (trimmed.startsWith('<')) return 'a web page';
  const [, inEvent] = /^(?:(?:event|id|retry):.*\r?\n)*data: ?(.+)/.exec(trimmed) ?? [];
  const held = inEvent ?? trimmed;
  if (/^[{[]/.test(held)) {
    try {
      return reasonIn(JSON.parse(held), depth + 1) ?? trimmed;
    } catch {
      return trimmed;
    }
  }
  return held;
}

/** The types, codes and statuses of an error and of those packed into it. */
function marksIn(value: unknown, depth: number): readonly string[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((member) => marksIn(member, depth + 1));
  if (!isRecord(value)) return [];
  const { type, __type, status, status_code: statusCode, error, errors, detail } = value;
  const codes = codeFields.map((name) => value[name]);
  const own = [...codes, type, __type, status, statusCode].map(text).filter((mark) => mark !== '');
  return [...[error, errors, detail].flatMap((inner) => marksIn(inner, depth + 1)), ...own];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
