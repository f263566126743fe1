/** The tool of the example agent; the client answers its calls. */
export const checkBalance = {
  type: 'inline',
  json_schema: {
    name: 'check_balance',
    description: 'Look up the balance of an account.',
    parameters: {
      type: 'object',
      properties: { account: { type: 'string' } },
      required: ['account'],
    },
  },
  on_agent_call: 'continue',
};

/**
 * The agent of the first run: it thinks, asks the client for a balance, and ends with an answer. It
 * uses the `mock` provider, so that it needs neither a key nor a network.
 */
export const tellerAgent = {
  path: 'Banking/Teller Agent',
  description: 'Answers questions about an account. Your own code looks up the balance.',
  spec: {
    provider: 'mock',
    model: 'mock',
    reasoning_effort: 1024,
    max_iterations: 3,
    template: [
      {
        role: 'system',
        content:
          'You are a helpful digital assistant, helping users navigate our digital banking platform.',
      },
    ],
    tools: [
      checkBalance,
      {
        type: 'inline',
        json_schema: {
          name: 'stop',
          description: 'Call this tool when you have finished your task.',
          strict: true,
          parameters: {
            type: 'object',
            properties: { output: { type: 'string' } },
            additionalProperties: false,
            required: ['output'],
          },
        },
        on_agent_call: 'stop',
      },
    ],
  },
};

/** The user's message of the first run. */
export const question = 'Please check balance of account ACC-4711.';

/** The result that the client sends for the tool call. */
export const balance = '{"balance": 1250.75, "currency": "GBP"}';
