import type { EvaluatorDetails } from '../../../contract/kinds/evaluator.ts';
import { judgmentFault } from '../../../files/kinds/evaluator/check-judgment.ts';
import { parseExactJson } from '../../../kernel/exact-json.ts';
import { isRecord } from '../../../kernel/json-object.ts';

/** The judgment in a model's answer, or why there is none. */
export type ReadVerdict =
  | { readonly judgment: unknown; readonly error: null }
  | { readonly judgment: null; readonly error: string };

/**
 * Reads the judgment in a model's answer. It stands in the last line: models explain themselves
 * first; the fence of a code block is no line. Of JSON it is a member. For text it is the whole answer.
 *
 * What is not clearly a judgment is an error, never a guess: a judge whose failures counted as 0 or
 * false would be worse than none.
 *
 * @param isJson true: the model was asked for JSON.
 */
export function readVerdict(
  details: EvaluatorDetails,
  answer: string,
  { isJson }: { readonly isJson: boolean },
): ReadVerdict {
  if (answer.trim() === '') return fault("The model's answer is empty.");
  if (isJson) return readJson(details, answer);
  if (details.return_type === 'text') return checked(details, answer);
  const lines = answer.split(/\r\n|[\n\r]/).filter((line) => !/^(?:```\w*)?$/.test(line.trim()));
  const judgment = readText(details, lines.at(-1) ?? '');
  return judgment === undefined
    ? fault(`no verdict in the last line: it must be ${wanted(details)}`)
    : checked(details, judgment);
}

/** The members of JSON that have the judgment. The first that is there counts. */
const members = ['judgment', 'verdict', 'score', 'answer', 'result'];

function readJson(details: EvaluatorDetails, answer: string): ReadVerdict {
  const object = parsed(withoutFence(answer.trim()));
  if (!isRecord(object)) {
    return fault('no verdict: the answer is not a JSON object');
  }
  const name = members.find((name) => Object.hasOwn(object, name));
  if (name === undefined) {
    return fault(`no verdict: the JSON has none of the keys ${members.join(', ')}`);
  }
  const value = object[name];
  if (value === null) return { judgment: null, error: null };
  const judgment = readMember(details, value);
  return judgment === undefined
    ? fault(`no verdict: \`${name}\` must be ${wanted(details)}`)
    : checked(details, judgment);
}

/** JSON without the fence of a code block around it. */
function withoutFence(text: string): string {
  const [begin] = /^```(?:json)?[^\S\n]{0,99}\n/i.exec(text) ?? [];
  return begin !== undefined && text.endsWith('```') ? text.slice(begin.length, -3) : text;
}

/** A member of JSON may have the judgment itself, or say it in words. */
function readMember(details: EvaluatorDetails, value: unknown): unknown {
  if (Array.isArray(value)) return everyOption(value, details);
  const isWords = typeof value === 'string' && details.return_type !== 'text';
  return isWords ? readText(details, value) : value;
}

function checked(details: EvaluatorDetails, judgment: unknown): ReadVerdict {
  const error = judgmentFault(details, judgment);
  return error === undefined ? { judgment, error: null } : fault(error);
}

function fault(error: string): ReadVerdict {
  return { judgment: null, error };
}

function wanted({ return_type: type }: EvaluatorDetails): string {
  return {
    boolean: 'true or false',
    number: 'one number',
    select: 'one of the options',
    multi_select: 'names of options, parted by commas, or none',
    text: 'a text',
  }[type];
}

/** The judgment that a line says; undefined when it says none. */
function readText(details: EvaluatorDetails, line: string): unknown {
  const read = readers[details.return_type];
  const candidates = candidatesIn(line);
  // Without options any text is a name, so the line without its label is the only candidate.
  const isAnyName = /select/.test(details.return_type) && !details.options?.length;
  for (const candidate of isAnyName ? candidates.slice(-1) : candidates) {
    const judgment = candidate === '' ? undefined : read(candidate, details);
    if (judgment !== undefined) return judgment;
  }
  return undefined;
}

/**
 * What may be the verdict in a line: the line, the line without its marks, and the line without a
 * label. The whole line comes first, because an option may look like a label.
 */
function candidatesIn(line: string): readonly string[] {
  const whole = line.trim();
  const bare = withoutMarks(whole);
  return [whole, bare, withoutMarks(bare.replace(label, ''))];
}

/** Removes emphasis, quotes and full stops around a verdict. A point that begins a number stays. */
function withoutMarks(text: string): string {
  const begun = text.replace(/^(?:[\s*_`"':]|\.(?!\d))+/, '');
  // A loop, since a pattern for the end of a text takes quadratic time.
  let end = begun.length;
  while (end > 0 && /[\s*_`"'.:]/.test(begun.charAt(end - 1))) end -= 1;
  return begun.slice(0, end);
}

/** `Verdict:`, `Final score (1-10):`, `Score -`. At most four words: a sentence is no label. */
const label = /^\p{L}+(?: \p{L}+){0,3}(?: ?\([^()]*\))? ?[*_`]*(?:[:=]|[-–—](?=[\s*_`]))/u;

type Reader = (text: string, details: EvaluatorDetails) => unknown;

const readers: Readonly<Record<EvaluatorDetails['return_type'], Reader>> = {
  boolean: readBoolean,
  number: readNumber,
  select: readOption,
  multi_select: readOptions,
  text: (text) => text,
};

function readBoolean(text: string): boolean | undefined {
  if (/^(?:true|yes|pass)$/i.test(text)) return true;
  return /^(?:false|no|fail)$/i.test(text) ? false : undefined;
}

/** `7`, `-0.5`, `1,000`, `2e3`; not the digits of `gpt4`, `7th`, `1.2.3` or `1,5`. */
const numbers =
  /(?<![\w.,])[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?!\w|[.,]\d)/gi;

/** The only number in a text, or the first of `7/10` and `7 out of 10`. */
function readNumber(text: string): number | undefined {
  const [first, second, ...others] = [...text.matchAll(numbers)];
  if (!first || others.length > 0) return undefined;
  if (second) {
    const between = text.slice(first.index + first[0].length, second.index);
    if (!/^\s*(?:\/|out of)\s*$/i.test(between)) return undefined;
  }
  return Number(first[0].replaceAll(',', ''));
}

/** The option with a name, in any case. Two that differ in case alone have to be named exactly. */
function readOption(text: string, { options }: EvaluatorDetails): string | undefined {
  if (!options?.length) return text;
  const names = options.map(({ name }) => name);
  if (names.includes(text)) return text;
  const [found, ...others] = names.filter((name) => name.toLowerCase() === text.toLowerCase());
  return others.length === 0 ? found : undefined;
}

function readOptions(text: string, details: EvaluatorDetails): readonly string[] | undefined {
  const list = parsed(text);
  if (Array.isArray(list)) return everyOption(list, details);
  const isNamed = details.options?.length && readOption(text, details) !== undefined;
  if (!isNamed && text.toLowerCase() === 'none') return [];
  return everyOption(isNamed ? [text] : text.split(',').map(withoutMarks), details);
}

/** The options with these names; undefined when one of them is none. */
function everyOption(
  names: readonly unknown[],
  details: EvaluatorDetails,
): readonly string[] | undefined {
  const options = names.map((name) =>
    typeof name === 'string' ? readOption(name.trim(), details) : undefined,
  );
  return options.every((option) => option !== undefined && option !== '')
    ? (options as string[])
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
