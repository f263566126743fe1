import { readFile } from 'node:fs/promises';
import type { StoredFile } from './wire.ts';

const provider = process.env['PROVIDER'] || 'openai';
const model = process.env['MODEL'] || 'gpt-4o';
const toolServer = process.env['MCP_URL'] ?? '';

export const classifier = {
  path: 'Examples/Support/Classifier',
  description: 'Says what the message of a customer is about.',
  provider,
  model,
  temperature: 0,
  template: [
    {
      role: 'system',
      content:
        'Say what this message is about, in one of these words and no other: ' +
        'late_delivery, broken_item, question.',
    },
    { role: 'user', content: '{{message}}' },
  ],
};

export const calculator = {
  path: 'Examples/Support/Calculator',
  tool_type: 'python',
  source_code: await readFile(new URL('calculator.py', import.meta.url), 'utf8'),
  function: {
    name: 'calculator',
    description: 'Works out an arithmetic expression, such as 2 * (3 + 4.5).',
    parameters: {
      type: 'object',
      properties: { expression: { type: 'string' } },
      required: ['expression'],
    },
  },
};

/** @param prompt,tool the two files that the agent links. */
export const supportAgent = (prompt: StoredFile, tool: StoredFile) => ({
  path: 'Examples/Support/Agent',
  provider,
  model,
  temperature: 0,
  template: [
    {
      role: 'system',
      content:
        'You help the customers of a shop. First classify the message. If a delivery is late, get the ' +
        'weather of the city that it goes to, work out a tenth of the price with the calculator, and ' +
        'ask for approval to refund that. Then answer in two sentences.',
    },
  ],
  tools: [
    // Loopwright runs these: a prompt, and a Python function.
    { type: 'file', link: { file_id: prompt.id, version_id: prompt.version_id } },
    { type: 'file', link: { file_id: tool.id, version_id: tool.version_id } },
    // Loopwright calls an MCP server for this one.
    { type: 'mcp', server: { url: toolServer }, allowed_tools: ['get_weather'] },
    // You run this one: a call of it suspends the run until you continue it.
    {
      type: 'inline',
      json_schema: {
        name: 'approve_refund',
        description: 'Asks a colleague to approve a refund. Amounts are in US dollars.',
        parameters: {
          type: 'object',
          properties: { amount: { type: 'number' }, reason: { type: 'string' } },
          required: ['amount', 'reason'],
        },
      },
    },
  ],
});
