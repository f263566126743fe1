import type { ApiClient } from './api-client.ts';
import type { Figure } from './figure.ts';

const template = [
  {
    role: 'system',
    content:
      'You are a helpful digital assistant of {{bank}}. You answer questions about accounts, cards ' +
      'and payments, briefly and politely, and say so when you do not know.',
  },
];

/** An agent that answers in one turn. */
export const oneTurnAgent = { path: 'bench/one-turn', provider: 'mock', model: 'mock', template };

/** The same agent on the fake OpenAI. */
export const openaiAgent = {
  path: 'bench/openai',
  provider: 'openai',
  model: 'gpt-4o-mini',
  template,
};

const step = { tool_calls: [{ name: 'look_up', arguments: { account: 'ACC-4711' } }] };

/**
 * An agent that makes three model calls. The first two ask for a tool that it does not have. The
 * server answers these itself, so that only model calls lie between its commits.
 */
export const threeStepAgent = {
  path: 'bench/three-steps',
  provider: 'mock',
  model: 'mock',
  template,
  other: { script: [step, step, { content: 'Your balance is 1250.75 GBP.' }] },
};

/** The same three steps on the fake OpenAI. */
export const openaiThreeStepAgent = {
  path: 'bench/openai-three-steps',
  provider: 'openai',
  model: 'three-steps',
  template,
};

/** The request body of every call. */
export const question = {
  messages: [{ role: 'user', content: 'What is the balance of account ACC-4711, please?' }],
  inputs: { bank: 'Example Bank' },
};

/** The messages that these agents send to their model, in OpenAI's form. */
export function openaiMessages() {
  return [
    ...template.map(({ content }) => ({
      role: 'system' as const,
      content: content.replace('{{bank}}', question.inputs.bank),
    })),
    ...question.messages.map(({ content }) => ({ role: 'user' as const, content })),
  ];
}

/** Stores an agent; returns its id. */
export async function storeAgent(
  client: ApiClient,
  agent: { readonly path: string },
): Promise<string> {
  const { id } = JSON.parse(await client.post('/v5/agents', JSON.stringify(agent)));
  return id;
}

/** A function that calls an agent once, and throws unless its run succeeded and was saved. */
export function agentCall(client: ApiClient, { path }: { readonly path: string }) {
  const body = JSON.stringify({ path, ...question });
  return async () => {
    const text = await client.post('/v5/agents/call', body);
    if (!text.includes('"log_status":"complete"') || !text.includes('"error":null')) {
      throw new Error(`The run did not go well: ${text}`);
    }
  };
}

/** How many acknowledged logs are not in the database. */
export async function missingLogs(
  client: ApiClient,
  fileId: string,
  acknowledged: number,
): Promise<Figure> {
  const page = (await client.get(`/v5/logs?file_id=${fileId}&size=1`)) as { total: number };
  const what = 'acknowledged, but not stored';
  return { what, value: acknowledged - page.total, unit: '', target: { atMost: 0 } };
}
