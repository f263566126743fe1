import { Callers } from './accounts/callers.ts';
import { LastUses } from './accounts/last-uses.ts';
import { Passwords, type ScryptCost } from './accounts/sign-in/passwords.ts';
import { CustomEndpoints } from './custom-endpoints/custom-endpoints.ts';
import { EvaluationDriver, type EvaluationLimits } from './evaluation/driver.ts';
import { logEvaluations } from './evaluation/log-evaluations.ts';
import { evaluationIntake } from './evaluation/tasks/intake.ts';
import { type App, createApp } from './http/app.ts';
import type { RuleSettings } from './http/scopes.ts';
import type { DoorLimits } from './http/server/door.ts';
import { KeyedRequests } from './idempotency/keyed-requests.ts';
import type { FeedConsumer } from './logs/feed/feed-consumer.ts';
import { LogFeed } from './logs/feed/log-feed.ts';
import { logCounts } from './logs/list/log-counts.ts';
import { searchIntake } from './logs/search/search-intake.ts';
import type { AllowedHosts } from './outgoing/allowed-hosts.ts';
import { outgoingFetch } from './outgoing/outgoing-fetch.ts';
import { ProviderKeyring } from './provider-keys/provider-keyring.ts';
import { ModelJudges } from './runtime/kinds/evaluator/model-judges.ts';
import { runnables } from './runtime/kinds/index.ts';
import type { KindRuntime, RuntimeParts } from './runtime/kinds/runtime-parts.ts';
import { ProviderPace } from './runtime/models/provider-pace.ts';
import { Runtime } from './runtime/runs/runtime.ts';
import type { McpLimits } from './tools/mcp/mcp-server.ts';
import { mcpWhenNeeded } from './tools/mcp/mcp-when-needed.ts';

/** The consumers of the feed of logs, in the order in which they receive each log. */
export const feedConsumers: readonly FeedConsumer[] = [logCounts, searchIntake, evaluationIntake];

/** What a server is composed of. The caller stops what it hands in. */
export interface ServerParts
  extends Omit<
    RuntimeParts,
    'endpoints' | 'evaluations' | 'keyring' | 'mcp' | 'modelJudges' | 'pace'
  > {
  readonly allowedHosts: AllowedHosts;
  readonly mcpLimits: McpLimits;
  readonly evaluationLimits: EvaluationLimits;
  readonly feedConsumers: readonly FeedConsumer[];
  /** Where people reach the server; undefined: where it listens. */
  readonly publicUrl: string | undefined;
  readonly rules: RuleSettings;
  /** The most values in the JSON of a request's body. */
  readonly bodyValues: number;
  /** Throws while the server cannot do its work. */
  readonly requireReady: () => Promise<void>;
  readonly doorLimits: DoorLimits;
  /** What it costs to try a password; undefined: what it should. */
  readonly passwordCost?: ScryptCost;
  /** Milliseconds between two writes of when keys and sessions were used; undefined: a minute. */
  readonly lastUsesMs?: number;
  /** Where the built web UI is; undefined: the server shows none. */
  readonly webFolder?: string | undefined;
}

/** A server that does not listen yet. */
export interface Server {
  readonly app: App;
  readonly runtime: KindRuntime;
  /** Hands runs over to other servers, ends streams and writes the rest. */
  stop(): Promise<void>;
}

/** Composes a server of its parts, for `startPlatform` and for tests alike. */
export async function composeServer(parts: ServerParts): Promise<Server> {
  const { database, secrets, providers, logger } = parts;
  const feed = new LogFeed(database, parts.feedConsumers, { logger, onMoved: () => driver.wake() });
  const uses = new LastUses(database, { everyMs: parts.lastUsesMs ?? 60_000, logger });
  const keyed = new KeyedRequests({ database, secrets, logger });
  const pace = new ProviderPace();
  const runtimeParts: RuntimeParts = {
    ...parts,
    evaluations: logEvaluations,
    keyring: new ProviderKeyring({ secrets, providers }),
    endpoints: new CustomEndpoints({ secrets, allowedHosts: parts.allowedHosts }),
    modelJudges: new ModelJudges(parts.judging.modelsAtOnce, pace),
    mcp: mcpWhenNeeded(outgoingFetch(parts.allowedHosts), parts.mcpLimits),
    pace,
  };
  const runtime = new Runtime(runtimeParts, runnables);
  const driver = new EvaluationDriver({ runtime, feed, limits: parts.evaluationLimits });
  let app: App | undefined;
  const stop = async () => {
    // First: it starts runs, which a stopped runtime does not take.
    await driver.stop();
    await runtime.stop();
    await app?.close();
    await uses.stop();
    await keyed.stop();
    await feed.stop();
  };
  try {
    app = await createApp({
      runtime,
      callers: new Callers(database, uses),
      signIn: { database, passwords: new Passwords(parts.passwordCost) },
      keyed,
      logger,
      wakeEvaluations: () => driver.wake(),
      publicUrl: parts.publicUrl,
      rules: parts.rules,
      bodyValues: parts.bodyValues,
      requireReady: parts.requireReady,
      doorLimits: parts.doorLimits,
      webFolder: parts.webFolder,
    });
    return { app, runtime, stop };
  } catch (error) {
    // Without a server nobody stops what was started for it.
    await stop();
    throw error;
  }
}
