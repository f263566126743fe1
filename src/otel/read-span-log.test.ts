import { describe, expect, test } from 'vitest';
import { addSpan, askSpan, nodePayload, pythonPayload } from '../../test/support/otel-payloads.ts';
import type { NewLog } from './new-log.ts';
import { readSpanLog } from './read-span-log.ts';
import { readSpan, spansIn } from './read-spans.ts';

type Said = Parameters<typeof pythonPayload>[0];

/** The log that a span becomes, from either client's payload. */
function logOf(said: Said, payload: typeof pythonPayload | typeof nodePayload = pythonPayload) {
  const [raw] = spansIn(payload(said));
  return raw && readSpanLog(readSpan(raw));
}

const end = (log: Readonly<Record<string, string>>): Said => ({
  attributes: {
    'humanloop.file.path': 'Sums/flow',
    'humanloop.file.type': 'flow',
    'humanloop.log.id': 'log_1',
    'humanloop.log.log_status': 'complete',
    ...log,
  },
});

describe('a tool', () => {
  const log = logOf({ attributes: addSpan() });

  test('has its function, with types where JSON Schema has them, and is not run by the server', () => {
    expect(log).toMatchObject({
      kind: { type: 'tool' },
      spec: {
        function: {
          name: 'add',
          description: 'Adds two numbers.',
          strict: true,
          parameters: {
            type: 'object',
            properties: { a: { type: 'integer' }, b: { type: 'integer' } },
            required: ['a', 'b'],
            additionalProperties: false,
          },
        },
        source_code: 'def add(a: int, b: int) -> int:\n    return a + b\n',
        tool_type: 'json_schema',
      },
    });
  });

  test('was given texts: nobody says what its arguments were before', () => {
    expect(log).toMatchObject({
      request: { path: 'Sums/add', inputs: { a: '2', b: '2' }, output: '4', error: null },
    });
  });

  test('is the same in the form of the other client, whose fields are in camel case', () => {
    const { 'humanloop.file.source_code': code = '', ...rest } = addSpan({
      'humanloop.file.function.strict': 'true',
      'humanloop.file.function.parameters.required': 'a,b',
      'humanloop.file.function.parameters.additionalProperties': 'false',
    });
    const attributes = { ...rest, 'humanloop.file.sourceCode': code };
    const node = logOf({ attributes }, nodePayload);
    expect(node).toHaveProperty('spec', (log as NewLog).spec);
    expect(node).toMatchObject({ request: { start_time: '2026-05-01T12:00:00.000000Z' } });
  });

  test('has the values that it was set up with', () => {
    const values = ['setup_values', 'setupValues'].map((name) => ({
      [`humanloop.file.${name}.unit`]: 'euro',
      'humanloop.file.attributes.edition.0': '1',
    }));
    for (const attributes of values) {
      expect(logOf({ attributes: addSpan(attributes) })).toMatchObject({
        spec: { setup_values: { unit: 'euro' }, attributes: { edition: ['1'] } },
      });
    }
  });

  test('that failed has no output, though its span has a word for none', () => {
    for (const output of ['null', 'None']) {
      const failed = { 'humanloop.log.output': output, 'humanloop.log.error': 'Too large.' };
      expect(logOf({ attributes: addSpan(failed) })).toMatchObject({
        request: { output: null, error: 'Too large.' },
      });
    }
    const isNull = { 'humanloop.log.output': 'null' };
    expect(logOf({ attributes: addSpan(isNull) })).toMatchObject({ request: { output: 'null' } });
  });

  test('may be without a description, and without a function', () => {
    const said = addSpan();
    delete said['humanloop.file.function.description'];
    expect(logOf({ attributes: said })).toMatchObject({ spec: { function: { description: '' } } });
    const { 'humanloop.file.path': path = '', 'humanloop.file.type': type = '' } = said;
    const bare = { 'humanloop.file.path': path, 'humanloop.file.type': type };
    expect(logOf({ attributes: bare })).toMatchObject({ spec: { tool_type: 'json_schema' } });
  });

  test('of an evaluation names the datapoint and the run', () => {
    const attributes = addSpan({
      'humanloop.log.source_datapoint_id': 'dp_1',
      'humanloop.log.run_id': 'rn_1',
      'humanloop.log.trace_parent_id': 'log_1',
    });
    expect(logOf({ attributes })).toMatchObject({
      request: { source_datapoint_id: 'dp_1', run_id: 'rn_1', trace_parent_id: 'log_1' },
    });
  });
});

describe('the end of a flow', () => {
  test('says what came of it', () => {
    expect(logOf(end({ 'humanloop.log.output': '{"sum":4}' }))).toMatchObject({
      logId: 'log_1',
      update: { output: '{"sum":4}', log_status: 'complete' },
    });
  });

  test('may be a message, whose lists one of the clients cannot write', () => {
    const message = {
      'humanloop.log.output_message.role': 'assistant',
      'humanloop.log.output_message.content': 'Four.',
    };
    const update = {
      output_message: { role: 'assistant', content: 'Four.' },
      log_status: 'complete',
    };
    expect(logOf(end(message))).toMatchObject({ update });
    const broken = { ...message, 'humanloop.log.output_message.tool_calls': '[object Object]' };
    expect(logOf(end(broken))).toMatchObject({ update });
  });

  test('may be what only looks like a message: it is kept as JSON', () => {
    const message = {
      'humanloop.log.output_message.role': 'oracle',
      'humanloop.log.output_message.content': 'Four.',
    };
    expect(logOf(end(message))).toMatchObject({
      update: { output: '{"role":"oracle","content":"Four."}' },
    });
  });

  test('may be an error, and has no output then', () => {
    const failed = { 'humanloop.log.error': 'No sum.', 'humanloop.log.output': 'null' };
    const log = logOf(end(failed));
    expect(log).toHaveProperty('update', { error: 'No sum.', log_status: 'complete' });
  });

  test('may be nothing at all', () => {
    expect(logOf(end({}))).toHaveProperty('update', { output: '', log_status: 'complete' });
  });

  test('must say which log it ends', () => {
    const { attributes } = end({});
    const { 'humanloop.log.id': _, ...rest } = attributes;
    expect(() => logOf({ attributes: rest })).toThrow('Field required');
  });
});

test('spans of other scopes, and of no kind that is logged, become nothing', () => {
  expect(logOf({ scope: 'other', attributes: addSpan() })).toBeUndefined();
  expect(logOf({ attributes: { 'humanloop.file.type': 'prompt' } })).toBeUndefined();
  expect(logOf({ attributes: {} })).toBeUndefined();
});

test('a span without the path of its file is refused', () => {
  const { 'humanloop.file.path': _, ...attributes } = addSpan();
  expect(() => logOf({ attributes })).toThrow('Field required');
  expect(() => logOf({ scope: 'provider', attributes: {} })).toThrow('Field required');
});

test('a span whose log could not have been sent by itself is refused, with every fault', () => {
  const attributes = askSpan({ 'gen_ai.request.presence_penalty': '3' });
  delete attributes['gen_ai.request.model'];
  const locs = [
    ['body', 'prompt', 'presence_penalty'],
    ['body', 'prompt', 'model'],
  ];
  let thrown: unknown;
  try {
    logOf({ scope: 'provider', attributes });
  } catch (error) {
    thrown = error;
  }
  const { faults } = thrown as { faults: { loc: unknown }[] };
  expect(faults.map(({ loc }) => loc)).toEqual(expect.arrayContaining(locs));
});
