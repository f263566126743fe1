import { Pool } from 'undici';
import { mockProvider } from '../../src/providers/mock/mock-provider.ts';
import type { ModelRequest } from '../../src/providers/provider.ts';
import { agentCall, oneTurnAgent, openaiAgent, openaiMessages, storeAgent } from '../agents.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { withServer } from '../server.ts';
import { withFakeOpenAi } from '../with-fake-openai.ts';

const warmUpCalls = 300;

/** How much longer a saved one-turn call takes than the same model call made directly. */
export function measureLatency({ seconds, profileDir }: Bench): Promise<readonly Figure[]> {
  return withFakeOpenAi((openaiUrl) =>
    withServer({ clients: 1, profileDir, openaiUrl }, async (_, client) => {
      await storeAgent(client, oneTurnAgent);
      await storeAgent(client, openaiAgent);
      const direct = directOpenAi(openaiUrl);
      const mock = await compare(seconds, askMock, agentCall(client, oneTurnAgent));
      const openai = await compare(seconds, direct.ask, agentCall(client, openaiAgent));
      await direct.close();
      return [...toFigures('mock', mock), ...toFigures('openai', openai)];
    }),
  );
}

interface Times {
  readonly direct: readonly number[];
  readonly ours: readonly number[];
}

/** Both in turn, so that other load on the machine affects both. */
async function compare(
  seconds: number,
  direct: () => Promise<void>,
  ours: () => Promise<void>,
): Promise<Times> {
  for (let call = 0; call < warmUpCalls; call++) {
    await direct();
    await ours();
  }
  const times = { direct: [] as number[], ours: [] as number[] };
  const endsAt = performance.now() + seconds * 1_000;
  while (performance.now() < endsAt) {
    times.direct.push(await timeAction(direct));
    times.ours.push(await timeAction(ours));
  }
  return times;
}

async function timeAction(action: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

function toFigures(provider: string, { direct, ours }: Times): Figure[] {
  const figures = (share: number, name: string, atMost: number): Figure[] => {
    const [without, with_] = [quantile(direct, share), quantile(ours, share)];
    return [
      { what: `${provider}: direct ${name}`, value: without, unit: 'ms' },
      { what: `${provider}: through the server ${name}`, value: with_, unit: 'ms' },
      {
        what: `${provider}: added ${name}`,
        value: with_ - without,
        unit: 'ms',
        target: { atMost },
      },
    ];
  };
  return [...figures(0.5, 'p50', 2), ...figures(0.99, 'p99', 12)];
}

/** The model call of {@link oneTurnAgent}, in this process. */
async function askMock(): Promise<void> {
  const request: ModelRequest = {
    model: 'mock',
    messages: openaiMessages().map((message) => ({ message })),
    tools: [],
    toolChoice: undefined,
    stream: false,
    maxTokens: undefined,
    temperature: undefined,
    topP: undefined,
    stop: undefined,
    presencePenalty: undefined,
    frequencyPenalty: undefined,
    seed: undefined,
    responseFormat: undefined,
    reasoningEffort: undefined,
    other: {},
  };
  const options = { apiKey: undefined, signal: new AbortController().signal };
  for await (const _ of mockProvider().attempt(request, options));
}

/** The model call of {@link openaiAgent}, over a reused connection. */
function directOpenAi(baseUrl: string) {
  const { origin, pathname } = new URL(baseUrl);
  const pool = new Pool(origin, { connections: 1 });
  const body = JSON.stringify({ model: openaiAgent.model, messages: openaiMessages() });
  return {
    async ask() {
      const { body: answer } = await pool.request({
        method: 'POST',
        path: `${pathname}/chat/completions`,
        headers: { 'content-type': 'application/json' },
        body,
      });
      await answer.json();
    },
    close: () => pool.close(),
  };
}
