import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { randomFrom } from '../../../test/support/random.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { fingerprint } from '../../kernel/fingerprint.ts';
import { agentKind } from '../kinds/agent.ts';
import { parseSpecText } from './parse-spec-text.ts';
import { printSpecText } from './print-spec-text.ts';

const folder = new URL('fixtures/', import.meta.url);
const samples = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

const random = randomFrom(20_261_123);
const below = (n: number) => Math.floor(random() * n);
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T;

const scraps = [
  ...[
    '',
    ' ',
    '\n',
    '\t',
    '\r',
    '"',
    "'",
    ':',
    '- ',
    '---\n',
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '&a ',
    '*a',
  ],
  ...[
    '!x ',
    '|',
    '>',
    '\\',
    '%',
    '@',
    '<',
    '>',
    '/',
    '</',
    '/>',
    '=',
    '<user>',
    '</user>',
    '<tool ',
  ],
  ...[
    '<text>',
    '<image url="https://x"/>',
    '</assistant>',
    'model: x\n',
    'null',
    '0',
    '.inf',
    '\u0000',
  ],
];

/** Puts a scrap into a text, in place of some of it; or takes a line to another place. */
function mangled(text: string): string {
  if (random() < 0.2) {
    const lines = text.split('\n');
    const [line = ''] = lines.splice(below(lines.length), 1);
    lines.splice(below(lines.length), below(2), line);
    return lines.join('\n');
  }
  const at = below(text.length);
  return text.slice(0, at) + oneOf(scraps) + text.slice(at + below(4));
}

test('whatever a text has become, it is read, or refused with lines and columns', () => {
  let read = 0;
  let refused = 0;
  for (let round = 0; round < 2_000; round++) {
    let text = oneOf(samples);
    for (let times = 1 + below(3); times > 0; times--) text = mangled(text);
    try {
      const spec = parseSpecText(agentKind, text);
      const identity = (of: object) => fingerprint(agentKind.canonicalSpec(of as never));
      const back = parseSpecText(agentKind, printSpecText(agentKind, spec));
      expect(identity(back), text).toBe(identity(spec));
      read += 1;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      const lines = text.split('\n').length;
      for (const { msg } of error.faults ?? []) {
        const [, line, column] = /^Line (\d+), column (\d+): \S/.exec(msg) ?? [];
        expect(Number(line), `${msg} in ${text}`).toBeLessThanOrEqual(lines);
        expect(Number(column), `${msg} in ${text}`).toBeGreaterThan(0);
      }
      expect(error.faults?.length, text).toBeGreaterThan(0);
      refused += 1;
    }
  }
  expect(Math.min(read, refused)).toBeGreaterThan(300);
});
