import { expect, test } from 'vitest';
import { agentKind } from '../kinds/agent.ts';
import { promptKind } from '../kinds/prompt.ts';
import { parseSpecText } from './parse-spec-text.ts';
import { printSpecText } from './print-spec-text.ts';

const prompt = (content: string, fields = '') =>
  parseSpecText(promptKind, `---\nmodel: any\n${fields}---\n${content}`);

test('comments may stand between messages, but are text inside of one', () => {
  const text = `<!-- who <user> is -->
<system>One.</system>
{/* then
the user */}
<user>
  <!-- kept -->
  Two.
</user> <!-- end -->
`;
  expect(prompt(text)['template']).toEqual([
    { role: 'system', content: 'One.' },
    { role: 'user', content: '<!-- kept -->\nTwo.' },
  ]);
});

test.each(['System', 'SYSTEM'])('the tag of a message may be <%s>', (tag) => {
  const message = [{ role: 'system', content: 'One.' }];
  expect(prompt(`<${tag}>One.</${tag}>`)['template']).toEqual(message);
  expect(prompt(`<${tag}>One.</system>`)['template']).toEqual(message);
});

test('so may tags and attributes within a message', () => {
  const image = '<Image URL="https://a.example/b.png" />';
  const parts = [
    { type: 'text', text: 'Who?' },
    { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
  ];
  expect(prompt(`<user>\n<TEXT>Who?</text>\n${image}\n</user>`)['template']).toEqual([
    { role: 'user', content: parts },
  ]);
  const call = '<Tool Name="look" ID="c1">{}</Tool>';
  expect(prompt(`<assistant>\n${call}\n</assistant>`)['template']).toMatchObject([
    { tool_calls: [{ id: 'c1', function: { name: 'look', arguments: '{}' } }] },
  ]);
  expect(() => prompt(`<user>Who?\n${image}\n</user>`)).toThrow('must be in `<text>` tags');
});

test.each(['http://intranet/plan.png', '{{photo}}', '{{ user.photo }}'])(
  'an image may be %s, and is printed as it was',
  (url) => {
    const spec = prompt(`<user>\n  <image url="${url}" />\n</user>`);
    expect(spec['template']).toEqual([
      { role: 'user', content: [{ type: 'image_url', image_url: { url } }] },
    ]);
    expect(parseSpecText(promptKind, printSpecText(promptKind, spec))).toMatchObject(spec);
  },
);

test.each(['\n', '\r\n', '\r'])('lines may end in %j', (end) => {
  const lines = ['\ufeff---', 'model: any', '---', '<system>', '  One.', '  Two.', '</system>', ''];
  expect(parseSpecText(promptKind, lines.join(end))['template']).toEqual([
    { role: 'system', content: 'One.\nTwo.' },
  ]);
});

const tools = `tools:
  - type: function
    function: {name: look, parameters: {type: object, properties: {}}}
  - name: stop
    description: Stops.
`;

test('a tool may be in the form of OpenAI, and needs no description', () => {
  expect(prompt('', tools)['tools']).toEqual([
    { name: 'look', description: '', parameters: { type: 'object', properties: {} } },
    { name: 'stop', description: 'Stops.' },
  ]);
});

test('so may an agent’s tool', () => {
  const { tools: read } = parseSpecText(agentKind, `---\nmodel: any\n${tools}---\n`);
  expect(read).toMatchObject([
    { type: 'inline', json_schema: { name: 'look', description: '' } },
    { type: 'inline', json_schema: { name: 'stop', description: 'Stops.' } },
  ]);
});
