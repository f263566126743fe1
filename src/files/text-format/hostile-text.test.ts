import { expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { agentKind } from '../kinds/agent.ts';
import { parseSpecText } from './parse-spec-text.ts';

// What takes a time that grows with the square of its length would not end within a test's limit.

const long = 512 * 1024;
const repeated = (text: string) => text.repeat(Math.ceil(long / text.length));

/** How many faults a text has; a text without any is a spec. */
function countFaults(text: string): number {
  try {
    parseSpecText(agentKind, text);
    return 0;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return error.faults?.length ?? 0;
  }
}

test.each([
  '<user>',
  '<user>\n',
  '<user></user>',
  '</user>',
  '<user ',
  '<user a="',
  `<image a='" b="' `,
  '<',
  '</',
  '</user ',
  ' ',
  '\n',
  '\n ',
  '<tool name="a" id="b">\n',
  'x',
  '-',
  '---\n',
])(
  'half a megabyte of %j ends soon, as content or inside of a message',
  (text) => {
    const content = repeated(text);
    for (const around of ['', 'user', 'assistant']) {
      const inner = around === '' ? content : `<${around}>\n${content}\n</${around}>`;
      expect(countFaults(`---\nmodel: m\n---\n${inner}`)).toBeLessThanOrEqual(20);
    }
  },
  30_000,
);

test.each([
  ...['[', '{', '- ', '? ', 'a: ', ']', '\n', '# x\n', 'a: 1\n', '"', "'", '|', '\t', '&a ', '*a '],
  ...['!', '%x\n', '...\n', '\\x', ', ', ': ', 'a b ', 'a\n  b\n'],
])(
  'front matter full of %j ends soon',
  (text) => {
    const filled = (length: number) => text.repeat(length / text.length);
    const other = filled(long);
    expect(countFaults(`---\nmodel: m\nother: ${other}\n---\n`)).toBeLessThanOrEqual(20);
    const short = filled(20_000);
    for (const lines of [short, `stop: "${short}"`, `other: [${short}]`, `other: {${short}}`]) {
      expect(countFaults(`---\nmodel: m\n${lines}\n---\n`)).toBeLessThanOrEqual(20);
    }
  },
  30_000,
);

test('front matter of more than two megabytes is refused', () => {
  expect(countFaults(`---\nmodel: m\nstop: ${'x'.repeat(2 * 1024 * 1024)}\n---\n`)).toBe(1);
});

test('values that grow by aliases are refused', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 20; n++) {
    lines.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(', ')}]`);
  }
  const bomb = `---\nmodel: m\nother:\n  ${lines.join('\n  ')}\n---\n`;
  expect(() => parseSpecText(agentKind, bomb)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /^Line 6, column \d+: The aliases up to here expand to too much content/,
      ),
    }),
  );
  const itself = '---\nmodel: m\nother: &a\n  b: *a\n---\n';
  expect(countFaults(itself)).toBeGreaterThan(0);
  const tooLong = `---\nmodel: m\nother:\n  a: &a ${'x'.repeat(60_000)}\n  b: [*a, *a]\n---\n`;
  expect(countFaults(tooLong)).toBe(1);
});

test('nesting is limited as it is in a body', () => {
  const nested = (depth: number) =>
    `---\nmodel: m\nother: {a: ${'['.repeat(depth)}${']'.repeat(depth)}}\n---\n`;
  expect(countFaults(nested(95))).toBe(0);
  expect(countFaults(nested(120))).toBe(1);
});
