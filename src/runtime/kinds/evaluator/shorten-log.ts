import type { JudgedLog } from './judged-log.ts';

/** The most bytes of JSON of a log that evaluators see whole. */
const mostBytes = 4_000_000;

/**
 * Shortens a log that is too long for an evaluator, in place, and marks it with `truncated: true`.
 * The deepest logs lose their messages, inputs and outputs first. When that is not enough, the raw
 * requests and responses go, and then what the tool calls were given and answered.
 */
export function shortenLog(log: JudgedLog): JudgedLog {
  let bytes = bytesOf(log);
  if (bytes <= mostBytes) return log;
  log['truncated'] = true;
  const drops = [
    ...logsBelow(log).map((below) => () => empty(below, payloads)),
    () => empty(log, rawBodies),
    () => listIn(log, 'turns').reduce((saved, turn) => saved + empty(turn, rawBodies), 0),
    () => listIn(log, 'tool_calls').reduce((saved, call) => saved + empty(call, answers), 0),
  ];
  for (const drop of drops) {
    if (bytes <= mostBytes) break;
    bytes -= drop();
  }
  return log;
}

type Fields = Record<string, unknown>;

const payloads: Fields = {
  messages: [],
  inputs: {},
  output: null,
  output_message: null,
  tool_calls: [],
  logs: [],
};
const rawBodies: Fields = { provider_request: null, provider_response: null };
const answers: Fields = { arguments: null, arguments_text: null, output: null };

/** Replaces fields by empty ones. @returns how many bytes that saves. */
function empty(object: Fields, by: Fields): number {
  let saved = 0;
  for (const [name, value] of Object.entries(by)) {
    if (!Object.hasOwn(object, name)) continue;
    saved += bytesOf(object[name]) - bytesOf(value);
    object[name] = value;
  }
  return saved;
}

/** All logs below a log, the deepest first, and of those the newest. */
function logsBelow(log: JudgedLog): readonly Fields[] {
  const found: Fields[] = [];
  for (let level = listIn(log, 'children'); level.length > 0; ) {
    found.push(...level);
    level = level.flatMap((each) => listIn(each, 'children'));
  }
  return found.reverse();
}

function listIn(object: Fields, name: string): Fields[] {
  return (object[name] ?? []) as Fields[];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
