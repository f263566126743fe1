import { oneTurnAgent, openaiAgent, question, storeAgent } from '../agents.ts';
import type { ApiClient } from '../api-client.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { withServer } from '../server.ts';
import { withFakeOpenAi } from '../with-fake-openai.ts';
import { measureOpenStreams } from './open-streams.ts';

const warmUpStreams = 100;

/** How soon a streamed call sends its first event, and what thousands of open streams cost. */
export async function measureStreams(bench: Bench): Promise<readonly Figure[]> {
  return [...(await measureOneClient(bench)), ...(await measureOpenStreams(bench))];
}

function measureOneClient({ seconds, profileDir }: Bench): Promise<Figure[]> {
  return withFakeOpenAi((openaiUrl) =>
    withServer({ clients: 1, profileDir, openaiUrl }, async (_, client) => {
      await storeAgent(client, oneTurnAgent);
      await storeAgent(client, openaiAgent);
      return [
        ...toFigures('mock', await times(client, oneTurnAgent.path, seconds / 2)),
        ...toFigures('openai', await times(client, openaiAgent.path, seconds / 2)),
      ];
    }),
  );
}

/** Milliseconds since the request was sent. */
interface StreamTimes {
  readonly firstEvent: number;
  readonly firstText: number;
  readonly end: number;
}

async function times(client: ApiClient, path: string, seconds: number): Promise<StreamTimes[]> {
  for (let stream = 0; stream < warmUpStreams; stream++) await timeStream(client, path);
  const all: StreamTimes[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  while (performance.now() < endsAt) all.push(await timeStream(client, path));
  return all;
}

async function timeStream(client: ApiClient, path: string): Promise<StreamTimes> {
  const start = performance.now();
  let firstEvent: number | undefined;
  let firstText: number | undefined;
  let last = '';
  for await (const data of client.stream('/v5/agents/call', requestBody(path))) {
    const now = performance.now() - start;
    firstEvent ??= now;
    if (firstText === undefined && data.includes('"type":"agent_update"')) firstText = now;
    last = data;
  }
  if (firstEvent === undefined || firstText === undefined || last !== '[DONE]') {
    throw new Error(`The stream of ${path} is not whole; it ended with ${last}`);
  }
  return { firstEvent, firstText, end: performance.now() - start };
}

function requestBody(path: string): string {
  return JSON.stringify({ path, ...question, stream: true });
}

function toFigures(provider: string, all: readonly StreamTimes[]): Figure[] {
  const figures = (what: string, of: keyof StreamTimes): Figure[] => {
    const values = all.map((times) => times[of]);
    return [
      { what: `${provider}: ${what} p50`, value: quantile(values, 0.5), unit: 'ms' },
      { what: `${provider}: ${what} p99`, value: quantile(values, 0.99), unit: 'ms' },
    ];
  };
  return [
    ...figures('first event', 'firstEvent'),
    ...figures('first text', 'firstText'),
    ...figures('end of the stream', 'end'),
  ];
}
