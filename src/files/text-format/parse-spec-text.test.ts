import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { ExactNumber } from '../../kernel/exact-number.ts';
import { agentKind } from '../kinds/agent.ts';
import { promptKind } from '../kinds/prompt.ts';
import { parseSpecText } from './parse-spec-text.ts';

/** A file with these lines in its front matter; the first of them is line 2. */
const file = (lines: string, content = '') => `---\n${lines}\n---\n${content}`;

/** A file with this content, which begins at line 4. */
const chat = (content: string) => file('model: m', content);

/** What is wrong with a file, line by line as it is told. */
function faultsOf(text: string, kind: typeof agentKind | typeof promptKind = agentKind): string[] {
  try {
    parseSpecText(kind, text);
    return [];
  } catch (error) {
    if (!(error instanceof PlatformError && error.faults)) throw error;
    expect(error).toMatchObject({ category: 'invalid', code: 'invalid' });
    for (const { loc } of error.faults) expect(loc).toEqual(['body', kind.type]);
    return error.faults.map(({ msg }) => msg);
  }
}

const templateOf = (content: string) => parseSpecText(agentKind, chat(content))['template'];

describe('the front matter', () => {
  test.each([
    ['', 'Line 1, column 1: The front matter is missing. Begin it with a line `---`.'],
    [
      'model: m\n---\n',
      'Line 1, column 1: The front matter is missing. Begin it with a line `---`.',
    ],
    ['\n\n---- \n', 'Line 3, column 1: The front matter is missing. Begin it with a line `---`.'],
    [
      '\n---\nmodel: m\n ---\n',
      'Line 2, column 1: The front matter is not closed. End it with a line `---`.',
    ],
    ['---', 'Line 1, column 1: The front matter is not closed. End it with a line `---`.'],
  ])('%j is not one', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  test.each([
    ['temperature: 1', 'Line 1, column 1: `model`: Field required'],
    ['', 'Line 1, column 1: `model`: Field required'],
    ['# nothing', 'Line 1, column 1: `model`: Field required'],
    [
      '- model',
      'Line 2, column 1: The front matter must consist of fields, such as `model: gpt-4o`.',
    ],
    ['model: m\nseed: "5"', 'Line 3, column 1: `seed`: Must be an integer'],
    ['model: m\ntop_p: .inf', 'Line 3, column 8: This number cannot be stored.'],
    [
      'model: m\nattributes: {a: "\\0"}',
      'Line 3, column 17: Contains a NUL character, which cannot be stored.',
    ],
    [
      'model: m\nother: {"\\ud800": 1}',
      'Line 3, column 9: Contains half of a surrogate pair, which is not a character.',
    ],
    ['model: m\nother: {__proto__: 1}', 'Line 3, column 9: A field cannot be named `__proto__`.'],
    ['model: m\nother: {[1]: 1}', 'Line 3, column 9: A key must be text.'],
    ['model: m\nversion_name: v1', 'Line 3, column 1: An agent has no field `version_name`.'],
    ['model: m\nmodel: n', 'Line 3, column 1: There are two fields named `model` here.'],
    [
      'model: m\nother: {"a": 1, "a": 1}',
      'Line 3, column 17: There are two fields named `a` here.',
    ],
    [
      'model: a: b',
      'Line 2, column 8: There is a second `:` here. Quote the text that contains it.',
    ],
    ['model: @m', 'Line 2, column 8: A text that begins with this character must be quoted.'],
    ['model: !mine m', 'Line 2, column 8: This tag is unknown.'],
    ['model: "\\q"', 'Line 2, column 9: This escape is not valid in a quoted text.'],
    ['model: m\n...\nseed: 1', 'Line 4, column 1: The front matter must be a single document.'],
    [
      'model: "m\nseed: 1',
      'Line 2, column 8: This quote is not closed, or a line in it is not indented.',
    ],
    [
      'model: m\ntools: [\n  {"a": 1\n]',
      'Line 4, column 3: This bracket is not closed, or a line in it is not indented.',
    ],
    ['model: m\nseed 1\ntop_p: 1', 'Line 3, column 1: A `:` is missing after this key.'],
    ['model: m\n\tseed: 1', 'Line 3, column 1: Indent lines with spaces, not with tabs.'],
    ['model: *m', 'Line 2, column 8: This alias refers to an anchor that is not defined above it.'],
  ])('%j is refused', (lines, fault) => {
    expect(faultsOf(file(lines))).toEqual([fault]);
  });

  test('tells of the fields of a tool at their lines', () => {
    const lines = `model: m
tools:
  - type: inline
    json_schema:
      name: 5
      description: x
    on_agent_call: wait
  - name: bare
    parameters: []
    description: y
  - type: file
    link: {version_id: a}`;
    expect(faultsOf(file(lines))).toEqual([
      'Line 6, column 7: `tools.0.json_schema.name`: Must be a string',
      'Line 8, column 5: `tools.0.on_agent_call`: Must be one of: `stop`, `continue`',
      'Line 10, column 5: `tools.1.json_schema.parameters`: Must be an object',
      'Line 13, column 5: `tools.2.link.file_id`: Field required',
    ]);
  });

  test('tells what the schema cannot say', () => {
    const same = 'model: m\ntools:\n- {name: a, description: x}\n- {name: a, description: x}';
    expect(faultsOf(file(same))).toEqual([
      'Line 5, column 4: `tools.1.json_schema.name`: There are two tools named `a`.',
    ]);
    const both =
      'model: m\ntools:\n- {type: file, link: {file_id: a, version_id: b, environment_id: c}}';
    expect(faultsOf(file(both))).toEqual([
      'Line 4, column 16: `tools.0.link`: Give `version_id` or `environment_id`, not both.',
    ]);
  });

  test('may have the template, if the content has none', () => {
    const template = 'model: m\ntemplate: [{"role": "user", "content": "x "}]';
    expect(parseSpecText(agentKind, file(template, '\n \n'))['template']).toEqual([
      { role: 'user', content: 'x ' },
    ]);
    expect(faultsOf(file(template, '<user>x</user>'))).toEqual([
      'Line 3, column 1: The template is given here and below the front matter. Give it once.',
    ]);
  });

  test('may be written in every way that YAML has', () => {
    const lines = `model: 'gpt-4o' # the best
"temperature": 1
other: &shared
  on: [yes, 0x10, 1e3, ~]
  text: |
    a
      b
  folded: >-
    a
    b
attributes: {shared: *shared, 5: five, null: nothing}
stop: !!str 7`;
    // As a Python tool would get it: 1000 is an integer there.
    const thousand = new ExactNumber('1000.0');
    const shared = { on: ['yes', 16, thousand, null], text: 'a\n  b\n', folded: 'a b' };
    expect(parseSpecText(agentKind, file(lines))).toEqual({
      model: 'gpt-4o',
      temperature: 1,
      other: shared,
      attributes: { shared, 5: 'five', null: 'nothing' },
      stop: '7',
    });
  });

  test('keeps the digits of numbers, but not for fields that are numbers', () => {
    const lines =
      'model: m\nmax_tokens: 1e2\ntemperature: 1.0\nattributes: {a: 9007199254740995, b: 0.50}';
    expect(parseSpecText(promptKind, file(lines))).toEqual({
      model: 'm',
      max_tokens: 100,
      temperature: 1,
      attributes: { a: new ExactNumber('9007199254740995'), b: 0.5 },
    });
  });

  test('of a prompt has tools that are functions', () => {
    const lines = 'model: m\ntools: [{name: a, description: b}]\nlinked_tools: [tl_1]';
    expect(parseSpecText(promptKind, file(lines))).toEqual({
      model: 'm',
      tools: [{ name: 'a', description: 'b' }],
      linked_tools: ['tl_1'],
    });
    expect(faultsOf(file('model: m\nmax_iterations: 2'), promptKind)).toEqual([
      'Line 3, column 1: A prompt has no field `max_iterations`.',
    ]);
  });
});

describe('the content', () => {
  test.each([
    [
      'Hello.',
      'Line 4, column 1: This text is outside of the messages. Put it in tags: `<system>`, `<user>`, `<assistant>`.',
    ],
    ['\n  <systm>Hello.</systm>', 'Line 5, column 3: `<systm>` is not a message tag.'],
    ['</user>', 'Line 4, column 1: This closing tag has no opening tag.'],
    ['<user>Hello.', 'Line 4, column 1: `<user>` is not closed.'],
    ['<user>Hello.</User>', 'Line 4, column 1: `<user>` is not closed.'],
    [
      '<user>x</user>\nand',
      'Line 5, column 1: This text is outside of the messages. Put it in tags: `<system>`, `<user>`, `<assistant>`.',
    ],
    ['<user name="ada">x</user>', 'Line 4, column 1: `<user>` has no attribute `name`.'],
    ['<tool id="1" id="2">x</tool>', 'Line 4, column 14: `<tool>` has two attributes named `id`.'],
    [
      '<tool id=1>x</tool>',
      'Line 4, column 10: The tag `<tool>` must have an attribute with a quoted value here.',
    ],
    [
      '<tool id="1"name="b">x</tool>',
      'Line 4, column 13: The tag `<tool>` must have an attribute with a quoted value here.',
    ],
    [
      '<assistant>\n  <tool id="1">{}</tool>\n</assistant>',
      'Line 5, column 3: A tool call must have a `name` and an `id`.',
    ],
    [
      '<assistant><tool id="1" name="b">{a}</tool></assistant>',
      'Line 4, column 12: The arguments of a tool call must be JSON.',
    ],
    [
      '<assistant><tool id="1" name="b"/></assistant>',
      'Line 4, column 12: The arguments of a tool call must be JSON.',
    ],
    [
      '<assistant>\n<tool id="1" name="b">{}</tool>\nHm.\n</assistant>',
      'Line 6, column 1: An assistant message can have text or tool calls, not both.',
    ],
    [
      '<assistant>\nHm.\n<tool id="1" name="b">{}</tool>\n</assistant>',
      'Line 6, column 1: An assistant message can have text or tool calls, not both.',
    ],
    ['<user>\n<text>a\n</user>', 'Line 5, column 1: `<text>` is not closed.'],
    [
      '<user>\n<text>a</text>\nb\n</user>',
      'Line 6, column 1: In a message with images, text must be in `<text>` tags.',
    ],
    [
      '<user>\na\n  <image url="https://x" />\n</user>',
      'Line 6, column 3: In a message with images, text must be in `<text>` tags.',
    ],
    ['<user><image /></user>', 'Line 4, column 7: `<image>` must have a `url`.'],
    [
      '<user><image url="ftp://x" /></user>',
      'Line 4, column 7: A `url` must begin with `https://` or `http://`, or be a variable: `{{photo}}`.',
    ],
    [
      '<user><image url="https://x" alt="" /></user>',
      'Line 4, column 7: `<image>` has no attribute `alt`.',
    ],
    [
      '<user>\n<text>a</text>\n<image url="https://x" detail="hi"/></user>',
      'Line 6, column 1: `template.0.content.1.image_url.detail`: Must be one of: `high`, `low`, `auto`',
    ],
  ])('%j is refused', (content, fault) => {
    expect(faultsOf(chat(content))).toEqual([fault]);
  });

  test.each([
    ['<user>Hi</user>', 'Hi'],
    ['<user> Hi  </user >', 'Hi'],
    ['<user></user>', ''],
    ['<user/>', ''],
    ['<user>\n\n    a\n      b\n\n    c\n\n  </user>', '\na\n  b\n\nc'],
    ['<user>\na\n</user>', 'a'],
    ['<user>\n\ta\n\t b\n</user>', 'a\n b'],
    [
      '<user>\n  &lt;b&gt; <b>*bold*</b> <br/> a < b </b>\n</user>',
      '&lt;b&gt; <b>*bold*</b> <br/> a < b </b>',
    ],
    ['<user>\n  Look:\n  <text>\n  x\n  </text>\n</user>', 'Look:\n<text>\nx\n</text>'],
    [
      '<user>\n  Say\n  <system>\n  and </system> then\n</user>',
      'Say\n<system>\nand </system> then',
    ],
    ['<user>\n  <user>\n</user>', '<user>'],
    ['<user>\n  <users>\n</user>', '<users>'],
  ])('%j says %j', (content, text) => {
    expect(templateOf(content)).toEqual([{ role: 'user', content: text }]);
  });

  test('has a message for each tag, whatever is between them', () => {
    const content = '<developer>a</developer><system>b</system>\n\n\n  <tool>c</tool>';
    expect(templateOf(content)).toEqual([
      { role: 'developer', content: 'a' },
      { role: 'system', content: 'b' },
      { role: 'tool', content: 'c' },
    ]);
  });

  test('has images and text in the order they are given', () => {
    const content = `<user>
  <image detail='low' url='https://x/"y"'></image>
  <text>a</text><text>
    b
  </text>
  <image
    url="data:image/png;base64,AAAA"
  />
</user>`;
    expect(templateOf(content)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'https://x/"y"', detail: 'low' } },
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ]);
  });

  test('is a text as it stands where the endpoint is not a chat', () => {
    const text = '\n <user>\n  a </user>\n\n';
    const read = parseSpecText(agentKind, file('model: m\nendpoint: complete', text));
    expect(read['template']).toBe(' <user>\n  a </user>\n');
  });
});

test('all that is wrong is told at once, in the order of the lines', () => {
  const text = `---
temperature: hot
colour: blue
colour: red
seed: 1.5
---
<system>
  Hello
<user>
  <image />
</user>
Hm.
<assistant>
  <tool name="a">{}</tool>
</assistant>`;
  expect(faultsOf(text)).toEqual([
    'Line 3, column 1: An agent has no field `colour`.',
    'Line 4, column 1: There are two fields named `colour` here.',
    'Line 7, column 1: `<system>` is not closed.',
    'Line 10, column 3: `<image>` must have a `url`.',
    'Line 12, column 1: This text is outside of the messages. Put it in tags: `<system>`, `<user>`, `<assistant>`.',
    'Line 14, column 3: A tool call must have a `name` and an `id`.',
  ]);
  expect(faultsOf(text.replace('colour: red\n', ''))).toEqual(
    expect.arrayContaining([
      'Line 1, column 1: `model`: Field required',
      'Line 2, column 1: `temperature`: Must be a number',
      'Line 4, column 1: `seed`: Must be an integer',
      'Line 6, column 1: `<system>` is not closed.',
    ]),
  );
});

test('lines and columns are those that an editor shows', () => {
  const text = '\uFEFF\r\n---\r\nmodel: m\r\n---\r\n<user>😀</user> <b>\r\n';
  expect(faultsOf(text)).toEqual(['Line 5, column 17: `<b>` is not a message tag.']);
});

test('no more than twenty faults are told', () => {
  expect(faultsOf(chat('<b>\n<user>\n'.repeat(100)))).toHaveLength(20);
  const fields = Array.from({ length: 100 }, (_, n) => `field_${n}: 1`).join('\n');
  expect(faultsOf(file(fields))).toHaveLength(20);
});
