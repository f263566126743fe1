import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { bootstrap } from '../../src/accounts/first-start/bootstrap.ts';
import { composeServer, feedConsumers } from '../../src/compose.ts';
import type { ModelProvider } from '../../src/contract/providers.ts';
import type { StreamEvent } from '../../src/contract/stream-event.ts';
import type { Database } from '../../src/database/database.ts';
import { openWorkspace, type Workspace } from '../../src/database/workspace.ts';
import type { EvaluationLimits } from '../../src/evaluation/driver.ts';
import { apiDocument } from '../../src/http/document/api-document.ts';
import type { RuleSettings } from '../../src/http/scopes.ts';
import type { DoorLimits } from '../../src/http/server/door.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createLogger, type LogLevel } from '../../src/kernel/logger.ts';
import { type SecretBox, secretBox } from '../../src/kernel/secret-box.ts';
import type { FeedConsumer } from '../../src/logs/feed/feed-consumer.ts';
import { readAllowedHosts } from '../../src/outgoing/allowed-hosts.ts';
import { createPriceTable, type PriceTable } from '../../src/pricing/price-table.ts';
import { defaultModelLimits, type ModelLimits } from '../../src/providers/call-model.ts';
import { mockProvider } from '../../src/providers/mock/mock-provider.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { JudgingLimits, KindRuntime } from '../../src/runtime/kinds/runtime-parts.ts';
import type { RunLimits } from '../../src/runtime/runs/run-limits.ts';
import type { McpLimits } from '../../src/tools/mcp/mcp-server.ts';
import type { PythonPool } from '../../src/tools/python/python-pool.ts';
import { type ApiDocument, answerFlaws, documentOf, requestFlaws } from './answer-check.ts';
import { testDatabase } from './database.ts';
import { testPython } from './python.ts';
import { whenDone } from './when-done.ts';

export const apiKey = 'a-key-for-tests-only';

interface TestAppOptions {
  /** Another app's, to be a second server on the same data. */
  readonly database?: Database;
  /** Connections of its own for leases and cancels, as a server has; without it: those of `database`. */
  readonly leaseDatabase?: Database;
  readonly providers?: Partial<Record<ModelProvider, Provider>>;
  /** False: as on a server that has switched the mock off. */
  readonly offersMock?: boolean;
  readonly modelLimits?: Partial<ModelLimits>;
  readonly runLimits?: Partial<RunLimits>;
  readonly prices?: PriceTable;
  readonly secrets?: SecretBox;
  readonly python?: PythonPool;
  /** What LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS would say. */
  readonly allowedHosts?: string;
  readonly mcpLimits?: Partial<McpLimits>;
  readonly evaluationLimits?: Partial<EvaluationLimits>;
  readonly judging?: Partial<JudgingLimits>;
  readonly leaseSeconds?: number;
  readonly logLevel?: LogLevel;
  readonly bodyValues?: number;
  readonly doorLimits?: Partial<DoorLimits>;
  readonly requireReady?: () => Promise<void>;
  readonly feedConsumers?: readonly FeedConsumer[];
  /** Null: where each request has reached it. */
  readonly publicUrl?: string | null;
  readonly lastUsesMs?: number;
  /** Where the built web UI would be; undefined: the server has none. */
  readonly webFolder?: string;
  readonly rules?: Partial<RuleSettings>;
}

type Json = Record<string, unknown>;

/** An answer, with its body read. */
export type Answer = Pick<LightMyRequestResponse, 'statusCode' | 'headers'> & {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
  readonly body: any;
};

/** The API over a database of its own, without a network, and what tests ask of it. */
export interface TestApp {
  readonly app: FastifyInstance;
  readonly runtime: KindRuntime;
  readonly database: Database;
  readonly workspace: Workspace;
  /** Lines that the server wrote of itself. */
  readonly logged: readonly string[];
  get(url: string): Promise<Answer>;
  post(url: string, body?: unknown): Promise<Answer>;
  patch(url: string, body?: unknown): Promise<Answer>;
  delete(url: string): Promise<Answer>;
  /** Posts with `stream: true`; answers the events of the stream. */
  stream(url: string, body: Json): Promise<readonly NumberedEvent[]>;
  /** Reads the events of a run that come after one, until the run rests. */
  events(logId: string, after?: number): Promise<readonly NumberedEvent[]>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach into payloads whose shape they assert
export type NumberedEvent = Omit<StreamEvent, 'payload'> & { readonly id: number; payload: any };

export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await testDatabase());
  const { organizationId, memberId } = await bootstrap(database, apiKey);
  const logged: string[] = [];
  const logger = createLogger(options.logLevel ?? 'info', (line) => logged.push(line));
  const python = options.python ?? testPython();
  const { app, runtime, stop } = await composeServer({
    database,
    leaseDatabase: options.leaseDatabase ?? database,
    providers: {
      ...(options.offersMock === false ? {} : { mock: mockProvider() }),
      ...options.providers,
    },
    modelLimits: { ...defaultModelLimits, ...options.modelLimits },
    runLimits: {
      timeoutMs: 3_600_000,
      atOnce: undefined,
      atOnceHere: 1_000,
      callsPerTurn: 128,
      callsAtOnce: 16,
      checksMs: 2_000,
      below: { atOnce: 100, inAll: 1_000 },
      ...options.runLimits,
    },
    prices: options.prices ?? createPriceTable(),
    clock: systemClock,
    logger,
    secrets: options.secrets ?? secretBox(Buffer.alloc(32, 7)),
    python,
    judging: { timeoutMs: 30_000, modelsAtOnce: 8, ...options.judging },
    leaseSeconds: options.leaseSeconds ?? 15,
    allowedHosts: readAllowedHosts(options.allowedHosts ?? ''),
    mcpLimits: {
      listTimeoutMs: 5_000,
      callTimeoutMs: 5_000,
      mostBytes: 1_000_000,
      mostMessages: 5_000,
      ...options.mcpLimits,
    },
    evaluationLimits: {
      concurrency: 16,
      graceSeconds: 120,
      idleHours: 24,
      ...options.evaluationLimits,
    },
    feedConsumers: options.feedConsumers ?? feedConsumers,
    publicUrl:
      options.publicUrl === null ? undefined : (options.publicUrl ?? 'https://loopwright.test'),
    passwordCost: { N: 16, r: 8, p: 1 },
    lastUsesMs: options.lastUsesMs ?? 3_600_000,
    webFolder: options.webFolder,
    rules: { runKeysCreateFiles: true, openApiIsOpen: true, ...options.rules },
    bodyValues: options.bodyValues ?? 200_000,
    doorLimits: { perAddress: 0, perKey: 0, trustedProxies: [], ...options.doorLimits },
    requireReady: options.requireReady ?? (async () => undefined),
  });
  await app.ready();
  checkAnswers(app);
  whenDone(async () => {
    await stop();
    await python.stop();
  });

  async function send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: unknown,
  ): Promise<Answer> {
    const response = await app.inject({
      method,
      url: `/v5${url}`,
      headers: { 'x-api-key': apiKey },
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
    const { statusCode, headers, body } = response;
    const isJson = String(headers['content-type']).includes('application/json');
    return { statusCode, headers, body: isJson ? JSON.parse(body) : body };
  }

  return {
    app,
    runtime,
    database,
    workspace: openWorkspace(database, organizationId, memberId),
    logged,
    get: (url) => send('GET', url),
    post: (url, body) => send('POST', url, body),
    patch: (url, body) => send('PATCH', url, body),
    delete: (url) => send('DELETE', url),
    async stream(url, body) {
      const answer = await send('POST', url, { ...body, stream: true });
      if (answer.statusCode !== 200) throw new Error(JSON.stringify(answer.body));
      return eventsOf(answer.body);
    },
    async events(logId, after = 0) {
      const answer = await send('GET', `/logs/${encodeURIComponent(logId)}/events?after=${after}`);
      if (answer.statusCode !== 200) throw new Error(JSON.stringify(answer.body));
      return eventsOf(answer.body);
    },
  };
}

/** Every app has the same routes, so what one promises is read once. */
let document: ApiDocument | undefined;

/**
 * From now on an answer that is not what the document promises fails the test that asked for it, and
 * so does a request that is taken though the document rules it out.
 */
function checkAnswers(app: FastifyInstance): void {
  document ??= documentOf(apiDocument(app.swagger()));
  const promised = document;
  const inject = app.inject.bind(app) as (
    options: InjectOptions,
  ) => Promise<LightMyRequestResponse>;
  const checked = async (options: InjectOptions | string): Promise<LightMyRequestResponse> => {
    const request = typeof options === 'string' ? { url: options } : options;
    const response = await inject(request);
    const { method = 'GET', url, payload } = request;
    const flaws = [
      ...answerFlaws(promised, method, String(url), response),
      ...(response.statusCode < 300 ? requestFlaws(promised, method, String(url), payload) : []),
    ];
    if (flaws.length > 0) throw new Error(flaws.join('\n'));
    return response;
  };
  app.inject = checked as typeof app.inject;
}

/** Events without the counters of files in them, which follow what they count a second late. */
export function withoutCounters(events: readonly NumberedEvent[]): readonly NumberedEvent[] {
  return JSON.parse(
    JSON.stringify(events, (key, value: unknown) =>
      ['last_used_at', 'total_logs_count', 'version_logs_count'].includes(key) ? null : value,
    ),
  ) as NumberedEvent[];
}

/** The pieces of a prompt's stream: lines of `data:`, each followed by an empty one, and no other. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into pieces whose shape they assert
export function piecesOf(text: string): any[] {
  const blocks = text.split('\n\n');
  if (blocks.pop() !== '') throw new Error(`The stream does not end in an empty line: ${text}`);
  return blocks.map((block) => {
    const [, data] = /^data: (\{.*\})$/.exec(block) ?? [];
    if (!data) throw new Error(`This is no piece: ${block}`);
    return JSON.parse(data);
  });
}

/** The events of a stream's text, with the numbers of their `id:` lines. */
export function eventsOf(text: string): NumberedEvent[] {
  const blocks = text.split('\n\n').filter((block) => block !== '' && !block.startsWith(':'));
  if (blocks.pop() !== 'data: [DONE]')
    throw new Error(`The stream does not end in [DONE]: ${text}`);
  return blocks.map((block) => {
    const [, id, data] = /^id: (\d+)\ndata: (.+)$/.exec(block) ?? [];
    if (!id || !data) throw new Error(`This is no event: ${block}`);
    return { id: Number(id), ...JSON.parse(data) };
  });
}
