import { parseExact } from '../../json/exact-json.ts';
import { type Content, contentOf, type Datapoint, isEmpty } from './content.ts';

/** What is wrong with a line. */
export interface LineFault {
  /** From 1, as editors count. */
  readonly line: number;
  readonly says: string;
}

/** The rows of JSON lines, and the lines that are none. */
export interface JsonLines {
  readonly contents: readonly Content[];
  readonly faults: readonly LineFault[];
}

/** Reads a row from each line: `{"inputs": {…}, "messages": […], "target": {…}}`. Empty lines are passed over. */
export function readJsonLines(text: string): JsonLines {
  const contents: Content[] = [];
  const faults: LineFault[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const row = readLine(line);
    if (typeof row === 'string') faults.push({ line: index + 1, says: row });
    else contents.push(row);
  }
  return { contents, faults };
}

/** A row, or what is wrong with the line. */
function readLine(line: string): Content | string {
  let row: unknown;
  try {
    row = parseExact(line);
  } catch {
    return 'It is no JSON. Each line is one whole row.';
  }
  if (!isObject(row)) return 'It is no object with inputs, messages and a target.';
  const unknown = Object.keys(row).find((name) => !members.includes(name));
  if (unknown !== undefined) {
    return `“${unknown}” is not known. A row has inputs, messages and a target.`;
  }
  const { inputs, messages, target } = row;
  if (!isObject(inputs ?? {})) return 'Its inputs are no object.';
  if (!isObject(target ?? {})) return 'Its target is no object.';
  const isNull = Object.entries(target ?? {}).find(([, value]) => value === null);
  if (isNull) return `“${isNull[0]}” of the target is null. Leave it out.`;
  const fault = faultOfMessages(messages ?? []);
  if (fault) return fault;
  const content = contentOf(row as unknown as Datapoint);
  return isEmpty(content) ? 'There is nothing in it.' : content;
}

/** `id` is what the server calls a row that it has; here it says nothing. */
const members = ['inputs', 'messages', 'target', 'id'];
const roles = ['user', 'assistant', 'system', 'developer', 'tool'];

function faultOfMessages(messages: unknown): string | undefined {
  if (!Array.isArray(messages)) return 'Its messages are no list.';
  const place = messages.findIndex((one) => !isObject(one) || !roles.includes(String(one['role'])));
  return place < 0 ? undefined : `Message ${place + 1} has no role: ${roles.join(', ')}.`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
