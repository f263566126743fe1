/** Agents for tests: on `mock`, playing a script, with tools that the client runs. */

export const lookup = {
  type: 'inline',
  json_schema: {
    name: 'lookup',
    description: 'Looks something up.',
    parameters: { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] },
  },
};

export const stop = {
  type: 'inline',
  json_schema: {
    name: 'stop',
    description: 'Call this when done.',
    parameters: {
      type: 'object',
      properties: { output: { type: 'string' } },
      required: ['output'],
    },
  },
  on_agent_call: 'stop',
};

/** A call of a tool, as a step of a script has it. */
export const callOf = (name: string, args: Record<string, unknown> | string = {}) => ({
  name,
  arguments: args,
});

/** An agent whose model says these steps, one a call. */
export function scripted(
  script: readonly Record<string, unknown>[],
  more: Record<string, unknown> = {},
) {
  return { provider: 'mock', model: 'mock', tools: [lookup, stop], other: { script }, ...more };
}

export const hello = [{ role: 'user', content: 'Hello' }];

/** The client's answer to a call. */
export const answerTo = (id: string, content: string) => ({
  role: 'tool',
  tool_call_id: id,
  content,
});
