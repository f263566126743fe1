import type { FileType } from '../../../contract/kinds/index.ts';
import { checkBalance } from '../../../first-run/teller-agent.ts';
import type { Examples } from '../operation-text.ts';

/** The request that stores a version of a file, for each kind. */
export const upserts = {
  agent: {
    path: 'Banking/Teller Agent',
    description: 'Answers questions about an account.',
    version_name: 'v1',
    provider: 'openai',
    model: 'gpt-4o',
    max_iterations: 3,
    template: [
      { role: 'system', content: 'You are a teller of {{bank}}. Look balances up; never guess.' },
    ],
    tools: [checkBalance],
  },
  prompt: {
    path: 'Support/Classify Request',
    description: 'Sorts what customers ask.',
    version_name: 'v1',
    provider: 'openai',
    model: 'gpt-4o-mini',
    temperature: 0,
    template: [
      { role: 'system', content: 'Sort the request: billing, technical or other. Say that alone.' },
      { role: 'user', content: '{{request}}' },
    ],
  },
  tool: {
    path: 'Math/Calculator',
    version_name: 'v1',
    function: {
      name: 'multiply',
      description: 'Multiply two numbers.',
      parameters: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { type: 'number' } },
        required: ['a', 'b'],
      },
    },
    source_code: 'def multiply(a, b):\n    return a * b\n',
  },
  flow: {
    path: 'Support/Answer Ticket',
    version_name: 'v1',
    attributes: { steps: ['classify', 'draft', 'check'], release: '2026.5' },
  },
  evaluator: {
    path: 'Evaluators/Accuracy',
    version_name: 'v1',
    spec: {
      evaluator_type: 'python',
      arguments_type: 'target_required',
      return_type: 'boolean',
      code: 'def accuracy(log, testcase):\n    return log["output"] == testcase["target"]["output"]\n',
    },
  },
  dataset: {
    path: 'Support/Golden Requests',
    version_name: 'v1',
    action: 'set',
    datapoints: [
      { inputs: { request: 'My invoice is wrong.' }, target: { output: 'billing' } },
      { inputs: { request: 'The app does not start.' }, target: { output: 'technical' } },
    ],
  },
} as const;

/** An evaluator that needs no target, so it can monitor logs. */
export const politenessUpsert = {
  path: 'Evaluators/Politeness',
  spec: {
    evaluator_type: 'python',
    arguments_type: 'target_free',
    return_type: 'boolean',
    code: 'def is_polite(log):\n    return "please" in log["output"].lower()\n',
  },
} as const;

/** An agent with the tools of an MCP server, and a fallback model. */
const remoteAgentUpsert = {
  path: 'Support/Order Agent',
  provider: 'openai',
  model: 'gpt-4o',
  template: [{ role: 'system', content: 'You look after orders.' }],
  tools: [
    {
      type: 'mcp',
      server: {
        url: 'https://tools.example.com/mcp',
        headers: { Authorization: 'Bearer a-token-of-the-server' },
      },
      allowed_tools: ['search_orders', 'refund'],
      on_agent_call: 'continue',
    },
  ],
  other: { fallbacks: [{ provider: 'anthropic', model: 'claude-sonnet-4-5' }] },
} as const;

/** More such requests of a kind, by their names in the document. */
export const furtherUpserts: Partial<Record<FileType, Examples>> = {
  agent: { AgentUpsertRemoteTools: remoteAgentUpsert },
};
