import { expect, test } from 'vitest';
import type { LogResponse } from '../../api/types.ts';
import { resultSchemaOf } from './result-schema.ts';

const sky = { type: 'object', properties: { sky: { type: 'string' } } };
const wind = { type: 'object', properties: { wind: { type: 'number' } } };
const log = {
  agent: {
    type: 'agent',
    tools: [
      { type: 'mcp', server: { url: 'https://tools.example' } },
      { type: 'inline', json_schema: { name: 'look', description: '' }, result_schema: sky },
      {
        type: 'file',
        link: { file_id: 'tl_1' },
        file: { type: 'tool', function: { name: 'feel', description: '' }, result_schema: wind },
      },
      { type: 'file', link: { file_id: 'tl_2' }, file: { type: 'tool', result_schema: sky } },
      { type: 'file', link: { file_id: 'pr_1' }, file: { type: 'prompt', name: 'ask' } },
    ],
  },
} as unknown as LogResponse;

test.each([
  ['look', sky],
  ['feel', wind],
  ['ask', undefined],
  ['other', undefined],
])('the result of %s is as its tool says, inline or linked', (name, schema) => {
  expect(resultSchemaOf(log, name)).toBe(schema);
});
