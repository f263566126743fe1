import { styleText } from 'node:util';
import { createKey, revokeKey } from '../administration.ts';
import type { ChatMessage } from '../contract/chat.ts';
import type { StreamEvent } from '../contract/stream-event.ts';
import { balance, question, tellerAgent } from '../first-run/teller-agent.ts';
import { serverUrl } from '../kernel/web-url.ts';
import type { Given } from './command.ts';
import type { serverOptions } from './options.ts';
import { printable, printableLines } from './printable.ts';
import { configWith } from './settings.ts';

/** Milliseconds that the demo's key is valid. */
const keyLifetimeMs = 600_000;

/** `demo`: plays the example against the running server, and prints its events as they arrive. */
export async function demo(given: Given<typeof serverOptions>): Promise<void> {
  const config = configWith(given);
  const url = serverUrl(config.host, config.port);
  await requireServer(url);
  if (config.apiKey !== undefined) return play(url, config.apiKey);
  // A key for this demo alone, made in the server's database. It expires, so that a demo that is
  // killed leaves no valid key behind.
  const key = await createKey(config, 'demo', { lifetimeMs: keyLifetimeMs });
  try {
    await play(url, key);
  } finally {
    await revokeKey(config, key);
  }
}

async function play(url: string, key: string): Promise<void> {
  const post = postTo(url, key);
  await post('/v5/agents', {
    path: tellerAgent.path,
    description: tellerAgent.description,
    ...tellerAgent.spec,
  });
  console.log(styleText('bold', `> ${question}`));
  const suspended = await post('/v5/agents/call', {
    path: tellerAgent.path,
    messages: [{ role: 'user', content: question }],
    agent: tellerAgent.spec,
    stream: true,
  });
  const { log_id: logId, payload } = await printEvents(suspended);
  const waiting = (payload as { previous_agent_message: ChatMessage | null })
    .previous_agent_message;
  const [call] = waiting?.tool_calls ?? [];
  if (!call) throw new Error('The agent made no tool call. Its log shows why.');

  console.log(styleText('bold', `> ${call.function.name} says ${balance}`));
  const finished = await post('/v5/agents/continue', {
    log_id: logId,
    messages: [{ role: 'tool', tool_call_id: call.id, content: balance }],
    stream: true,
  });
  const last = await printEvents(finished);
  const { output } = last.payload as { output: string | null };
  console.log(`\n${styleText('green', printableLines(output ?? ''))}`);
  console.log(`\nThe whole run: GET ${url}/v5/logs/${logId}`);
  console.log(`As a tree: npm run log ${logId}`);
}

async function requireServer(url: string): Promise<void> {
  const isUp = await fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
  if (!isUp) throw new Error(`No server answers at ${url}. Start it first: npm start.`);
}

function postTo(url: string, key: string) {
  return async (path: string, body: unknown): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
}

/** Prints each event of a stream; returns the last one. */
async function printEvents(response: Response): Promise<StreamEvent> {
  let last: StreamEvent | undefined;
  for await (const data of readData(response)) {
    if (data === '[DONE]') break;
    last = JSON.parse(data) as StreamEvent;
    console.log(`${styleText('cyan', last.type.padEnd(20))} ${printable(describe(last))}`);
  }
  if (!last) throw new Error('The stream ended before its first event.');
  return last;
}

function describe({ type, message, payload }: StreamEvent): string {
  const { output, output_message: said } = (payload ?? {}) as {
    output?: string | null;
    output_message?: ChatMessage | null;
  };
  if (type === 'agent_update') return JSON.stringify(output);
  if (type !== 'agent_end') return message;
  const thoughts = (said?.thinking ?? []).flatMap((part) =>
    part.type === 'thinking' ? [`thought: ${part.thinking}`] : [],
  );
  const calls = (said?.tool_calls ?? []).map(
    (call) => `calls ${call.function.name}(${call.function.arguments})`,
  );
  return [...thoughts, ...calls, message].join(' · ');
}

/** The data lines of an event stream, without `data:`. */
async function* readData({ body }: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield line.slice(6);
  }
}
