import { expect, test } from 'vitest';
import { ToolList } from './tool-list.ts';

function listOf(...tools: unknown[]): ToolList {
  const list = new ToolList();
  list.add({ tools });
  return list;
}

const nothing = { type: 'object', properties: {} };
const sound = { name: 'sound', description: 'Is sound.', inputSchema: nothing };

test.each([
  ['is no object', 'text', 'a tool without a name was left out.'],
  ['has no name', { description: 'x' }, 'a tool without a name was left out.'],
  ['has an empty name', { name: ' ' }, 'a tool without a name was left out.'],
])('a tool that %s is left out alone', (_what, odd, note) => {
  const list = listOf(odd, sound);
  expect(list.tools.map(({ name }) => name)).toEqual(['sound']);
  expect(list.notes).toEqual([note]);
});

test.each([
  ['no schema', {}],
  ['a schema that is null', { inputSchema: null }],
  ['an empty schema', { inputSchema: {} }],
  ['a schema in a text', { inputSchema: '{"type":"object"}' }],
  ['members that are a list', { inputSchema: { type: 'object', properties: [] } }],
])('a tool with %s takes an object', (_what, more) => {
  const list = listOf({ name: 'odd', ...more });
  expect(list.tools).toEqual([{ name: 'odd', description: '', parameters: nothing }]);
  expect(list.notes).toEqual([]);
});

test('a description that is no text is left out, and named', () => {
  const list = listOf(
    { name: 'odd', title: 'Odd', description: ['x'] },
    { name: 'none', description: null },
  );
  expect(list.tools.map(({ description }) => description)).toEqual(['Odd', '']);
  expect(list.notes).toEqual([
    'the tool odd is offered without its description, which is no text.',
  ]);
});

test('a schema of something else than an object is left out, and named', () => {
  const list = listOf({ name: 'odd', title: 'Odd', inputSchema: { type: 'string' } });
  expect(list.tools).toEqual([{ name: 'odd', description: 'Odd', parameters: nothing }]);
  expect(list.notes).toEqual([
    'the tool odd is offered without these words of its schema: `type`.',
  ]);
});

test('variants of the arguments are put together, since vendors refuse them at the top', () => {
  const byId = {
    type: 'object',
    properties: { id: { type: 'integer' }, all: true },
    required: ['id'],
  };
  const byName = { type: 'object', properties: { id: { type: 'string' } }, required: ['id', 'x'] };
  const [tool] = listOf({ name: 'find', inputSchema: { anyOf: [byId, byName] } }).tools;
  expect(tool?.parameters).toEqual({
    type: 'object',
    properties: { id: { anyOf: [{ type: 'integer' }, { type: 'string' }] }, all: true },
    required: ['id'],
  });
});

test('a member that many variants describe differently may be any of that', () => {
  const variant = (kind: string) => ({
    properties: { kind: { const: kind }, name: { type: 'string' } },
    required: ['kind'],
  });
  const [tool] = listOf({
    name: 'add',
    inputSchema: { oneOf: ['a', 'b', 'c'].map(variant) },
  }).tools;
  expect(tool?.parameters).toEqual({
    type: 'object',
    properties: {
      kind: { anyOf: [{ const: 'a' }, { const: 'b' }, { const: 'c' }] },
      name: { type: 'string' },
    },
    required: ['kind'],
  });
});

test('variants that contain each other are read once, however many they are', () => {
  const many = (pointer: string) => Array.from({ length: 80 }, () => ({ $ref: pointer }));
  const last = { type: 'object', properties: { q: { type: 'string' } } };
  const [round, deep] = listOf(
    { name: 'round', inputSchema: { anyOf: [...many('#'), last] } },
    {
      name: 'deep',
      inputSchema: {
        anyOf: [last, ...many('#/$defs/A')],
        $defs: { A: { allOf: many('#/$defs/B') }, B: { allOf: many('#/$defs/C') }, C: last },
      },
    },
  ).tools;
  expect(round?.parameters).toMatchObject(last);
  expect(deep?.parameters).toMatchObject(last);
});

test('a schema that is only a reference is what it refers to', () => {
  const definitions = { Find: { type: 'object', properties: { q: { type: 'string' } } } };
  const [tool] = listOf({
    name: 'find',
    inputSchema: { $ref: '#/definitions/Find', definitions },
  }).tools;
  expect(tool?.parameters).toEqual({ ...definitions.Find, definitions });
});

test('a reference to a reference is followed, also among the components of OpenAPI', () => {
  const find = { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] };
  const schemas = { First: { $ref: '#/components/schemas/Find' }, Find: find };
  const list = listOf(
    { name: 'find', inputSchema: { $ref: '#/components/schemas/First', components: { schemas } } },
    { name: 'round', inputSchema: { $ref: '#/$defs/A', $defs: { A: { $ref: '#/$defs/A' } } } },
  );
  expect(list.tools[0]?.parameters).toEqual({ ...find, components: { schemas } });
  expect(list.tools[1]?.parameters).toMatchObject(nothing);
  expect(list.tools[1]?.parameters).not.toHaveProperty('$ref');
});

test.each(['inputSchema', 'parameters', 'input_schema'])('a schema is found in %s', (member) => {
  const [tool] = listOf({ name: 'find', [member]: { properties: { q: { type: 'str' } } } }).tools;
  expect(tool?.parameters).toEqual({ type: 'object', properties: { q: { type: 'string' } } });
});

test('a tool that is listed twice is there once; of two with one name, the first', () => {
  expect(listOf(sound, sound).notes).toEqual([]);
  const list = listOf(sound, { ...sound, description: 'Another.' });
  expect(list.tools).toEqual([{ name: 'sound', description: 'Is sound.', parameters: nothing }]);
  expect(list.notes).toEqual([
    'it has more than one tool named sound, and only the first is offered.',
  ]);
});

test('what a vendor needs to know of a tool is kept, and other members are not', () => {
  const list = listOf({ ...sound, outputSchema: { type: 'array', items: 3 }, icons: 1 });
  expect(list.tools).toEqual([{ name: 'sound', description: 'Is sound.', parameters: nothing }]);
});
