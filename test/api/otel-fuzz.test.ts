import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { addSpan, askSpan, pythonPayload } from '../support/otel-payloads.ts';
import { randomFrom } from '../support/random.ts';
import { flawsOf, send } from '../support/refusals.ts';

const api = await testApp();
const random = randomFrom(20_260_501);
const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const { body: flow } = await api.post('/flows/log', {
  path: 'Fuzz/flow',
  flow: { attributes: {} },
  log_status: 'incomplete',
});

const spans = [
  { attributes: addSpan({ 'humanloop.log.trace_parent_id': flow.id }) },
  { scope: 'provider' as const, attributes: askSpan({ 'humanloop.file.template': 'Hi {{ a }}' }) },
  {
    scope: 'provider' as const,
    attributes: askSpan({
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
      'gen_ai.output.messages': '[{"role":"assistant","parts":[]}]',
      'gen_ai.tool.definitions': '[{"name":"a","input_schema":{}}]',
      'gen_ai.response.finish_reasons': 'stop',
    }),
  },
  {
    attributes: {
      'humanloop.file.path': 'Fuzz/flow',
      'humanloop.file.type': 'flow',
      'humanloop.log.id': flow.id,
      'humanloop.log.output_message.role': 'assistant',
      'humanloop.log.output_message.content': 'Hi',
    },
  },
];

const deep = (open: string, close: string) => open.repeat(200) + close.repeat(200);

const texts = [
  ...[
    '',
    ' ',
    'None',
    'null',
    'NaN',
    '-1',
    '1e308',
    '1e999',
    '99999999999',
    '0x10',
    'true',
    '\\',
    '{{',
    '{%',
  ],
  ...[
    '[]',
    '{}',
    '[null]',
    '[1]',
    '[{}]',
    '[[]]',
    '[{"role":1}]',
    '[{"parts":[{}]}]',
    '[{"parts":null}]',
  ],
  ...[
    '[{"parts":[{"type":"tool_call"},{"type":"tool_call_response"},{"type":"blob","modality":"image"}]}]',
  ],
  ...['[{"function":null}]', '[{"name":""}]', '[{"name":"a"},{"name":"a"}]', '{"__proto__":1}'],
  ...['"\\u0000"', '["\\ud800"]', '[{"parts":[{"type":"text","content":"\\u0000"}]}]'],
  ...[
    deep('[', ']'),
    deep('{"a":', '}').replace(':}', ':1}'),
    'é😀',
    'x'.repeat(5_000),
    'log_none',
    '../..',
  ],
];

const keys = [
  ...[
    'humanloop',
    'humanloop.file',
    'humanloop.log',
    'humanloop.log.inputs',
    'gen_ai',
    'gen_ai.prompt',
  ],
  ...[
    'humanloop.file.function',
    'humanloop.file.function.name',
    'humanloop.file.function.parameters',
  ],
  ...[
    'humanloop.file.function.parameters.properties.0.enum',
    'humanloop.file.attributes',
    'humanloop.file.template.0',
  ],
  ...[
    'humanloop.file.setup_values.a',
    'humanloop.log.inputs.0',
    'humanloop.log.inputs.',
    '',
    '.',
    '..',
  ],
  ...[
    'humanloop.log.output_message',
    'humanloop.log.output_message.tool_calls.0.id',
    'humanloop.log.error',
  ],
  ...[
    'gen_ai.prompt.0',
    'gen_ai.prompt.4294967296.role',
    'gen_ai.prompt.0.tool_calls.0',
    'gen_ai.completion',
  ],
  ...[
    'gen_ai.prompt.0.tool_calls.0.id',
    'gen_ai.system_instructions',
    'gen_ai.request.top_k',
    'llm.request.functions',
  ],
  ...[
    'llm.request.functions.0',
    'llm.request.functions.1.parameters',
    'gen_ai.usage.reasoning_tokens',
  ],
  ...[
    'humanloop.log.inputs.constructor',
    'humanloop.log.inputs.toString.x',
    `humanloop.log.inputs.${'a.'.repeat(90)}b`,
  ],
];

const values: readonly unknown[] = [
  ...[
    null,
    0,
    -1,
    1.5,
    1e300,
    '',
    'x',
    true,
    [],
    {},
    [null],
    [[]],
    { a: 1 },
    '9'.repeat(19),
    '9'.repeat(30),
  ],
];

/** A payload with something else in some place of it. */
function changed(): unknown {
  const { attributes, ...said } = oneOf(spans);
  const words: Record<string, string> = { ...attributes };
  for (let n = 0; n < 1 + random() * 3; n++) {
    const key = random() < 0.6 ? oneOf(Object.keys(attributes)) : oneOf(keys);
    if (random() < 0.15) delete words[key];
    else words[key] = oneOf(texts);
  }
  const payload = pythonPayload({ ...said, attributes: words });
  if (random() < 0.7) return payload;
  return replaced(payload, random() * 14);
}

/** Puts a value in place of one that is about so deep inside. */
function replaced(value: unknown, depth: number): unknown {
  if (depth < 1 || typeof value !== 'object' || value === null) return oneOf(values);
  const key = oneOf(Object.keys(value));
  const inner = replaced((value as Record<string, unknown>)[key], depth - 1);
  if (!Array.isArray(value)) return { ...value, [key]: inner };
  return value.map((item, index) => (String(index) === key ? inner : item));
}

test('whatever a payload says, its spans are kept, or rejected with a reason', {
  timeout: 60_000,
}, async () => {
  const statuses = new Set<number>();
  let rejected = 0;
  for (let n = 0; n < 300; n++) {
    const body = JSON.stringify(changed());
    const answer = await send(api, 'POST', '/v5/import/otel/v1/traces', body);
    statuses.add(answer.statusCode);
    if (answer.statusCode === 200) {
      expect(Array.isArray(answer.body.records), body).toBe(true);
      for (const id of answer.body.records) {
        const { statusCode } = await api.get(`/logs/${id}`);
        expect(statusCode, body).toBe(200);
      }
      if (answer.body.partialSuccess) {
        rejected += 1;
        expect(answer.body.partialSuccess.errorMessage, body).toMatch(/^resourceSpans\.0\..*: /);
      }
    } else {
      expect(flawsOf(answer), `${JSON.stringify(answer.body)} for ${body}`).toEqual([]);
    }
  }
  expect([...statuses].toSorted()).toEqual([200, 422]);
  expect(rejected).toBeGreaterThan(50);
});
