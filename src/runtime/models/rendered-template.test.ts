import { expect, test } from 'vitest';
import type { ModelSpec } from '../../contract/kinds/model.ts';
import { renderedTemplate } from './rendered-template.ts';

const spec: ModelSpec = {
  model: 'any',
  template_language: 'jinja',
  template: '{{ range(10000) | random }} {{ range(10000) | random }}',
};
const snippets = new Map();

const said = async (given: Partial<Parameters<typeof renderedTemplate>[0]>) => {
  const record = { inputs: null };
  const [message] = await renderedTemplate({
    spec,
    record,
    snippets,
    call: record,
    workspace: { organizationId: 'org' },
    ...given,
  });
  return message?.content;
};

test('a template is rendered once for the inputs of a call', async () => {
  const record = { inputs: { a: 1 } };
  const first = await said({ record, call: {} });
  expect(await said({ record: { ...record }, call: {} })).toBe(first);
  expect(await said({ record: { inputs: { a: 1 } }, call: {} })).not.toBe(first);
});

test('a call without inputs is known by what it has to itself', async () => {
  const [call, other] = [{}, {}];
  const first = await said({ call });
  expect(await said({ call })).toBe(first);
  expect(await said({ call: other })).not.toBe(first);
});

test('another version, or other snippets, are rendered anew', async () => {
  const call = {};
  const first = await said({ call });
  expect(await said({ call, spec: { ...spec } })).not.toBe(first);
  expect(await said({ call, snippets: new Map() })).not.toBe(first);
});

test('a failure is told each time', async () => {
  const call = {};
  const failing = { call, spec: { ...spec, template: '{{ missing }}' } };
  for (let i = 0; i < 2; i++) {
    await expect(said(failing)).rejects.toThrow('The template is missing inputs: missing.');
  }
});
