import { apiKey } from './servers.ts';

/** The path of the agent that clients call, and of the one that they call with their own keys. */
export const outerPath = 'faults/outer';
export const keyedPath = 'faults/keyed/outer';

/** The keys for that agent: the servers have none for its vendor. */
export const keysOfCall = { provider_api_keys: { groq: 'a-key-for-one-call' } };

function inline(name: string, parameter: string, more: object = {}) {
  const properties = { [parameter]: { type: 'string' } };
  const parameters = { type: 'object', properties, required: [parameter] };
  return { type: 'inline', json_schema: { name, description: name, parameters }, ...more };
}

const lookup = inline('lookup', 'key');
const stop = inline('stop', 'output', { on_agent_call: 'stop' });

/**
 * Stores the agents of the plans, the innermost first.
 *
 * @param url the URL of a server.
 */
export async function storeAgents(
  url: string,
  { toolsUrl, withPython }: { readonly toolsUrl: string; readonly withPython: boolean },
): Promise<void> {
  const store = async (collection: string, body: object) => {
    const response = await fetch(`${url}/v5/${collection}`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const stored = (await response.json()) as { readonly id: string };
    if (!response.ok) throw new Error(`Nothing could be stored: ${JSON.stringify(stored)}`);
    return { type: 'file', link: { file_id: stored.id } };
  };
  const stored = { store, toolsUrl, withPython };
  await storeSet('faults', { provider: 'openai', model: 'gpt-4o-mini' }, stored);
  await storeSet('faults/keyed', { provider: 'groq', model: 'llama-3.3-70b-versatile' }, stored);
}

async function storeSet(
  folder: string,
  model: object,
  {
    store,
    toolsUrl,
    withPython,
  }: {
    readonly store: (collection: string, body: object) => Promise<object>;
    readonly toolsUrl: string;
    readonly withPython: boolean;
  },
): Promise<void> {
  const counting = { type: 'mcp', server: { url: toolsUrl } };
  const agent = (name: string, linked: readonly object[]) =>
    store('agents', {
      path: `${folder}/${name}`,
      ...model,
      template: [{ role: 'system', content: 'You follow a plan.' }],
      tools: [lookup, stop, counting, ...linked],
    });

  const work = withPython
    ? [
        await store('tools', {
          path: `${folder}/work`,
          tool_type: 'python',
          function: inline('work', 'key').json_schema,
          source_code: [
            'import time',
            'def work(key):',
            '    time.sleep(len(key) % 4 * 0.1)',
            '    return "counted " + key',
          ].join('\n'),
        }),
      ]
    : [];
  const summary = await store('prompts', { path: `${folder}/summary`, ...model });
  const inner = await agent('inner', []);
  const middle = await agent('middle', [inner, ...work]);
  await agent('outer', [middle, summary, ...work]);
}
