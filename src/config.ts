import { isIP } from 'node:net';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { readDatabaseUrl } from './database/database-url.ts';
import { type StatementLimits, statementLimits } from './database/work.ts';
import type { EvaluationLimits } from './evaluation/driver.ts';
import type { RuleSettings } from './http/scopes.ts';
import type { DoorLimits } from './http/server/door.ts';
import { type LogLevel, logLevels } from './kernel/logger.ts';
import { withoutSlashes } from './kernel/slashes.ts';
import { StartFailure } from './kernel/start-failure.ts';
import { type AllowedHosts, readAllowedHosts } from './outgoing/allowed-hosts.ts';
import type { ModelLimits } from './providers/call-model.ts';
import { standardBounds } from './providers/provider.ts';
import type { JudgingLimits } from './runtime/kinds/runtime-parts.ts';
import type { RunLimits } from './runtime/runs/run-limits.ts';
import type { McpLimits } from './tools/mcp/mcp-server.ts';
import type { PythonLimits } from './tools/python/python-call.ts';

const address = Type.Optional(Type.String({ pattern: '^https?://' }));
const seconds = (standard: number) => Type.Number({ default: standard, exclusiveMinimum: 0 });

/** Every setting, in the order of `.env.example`. */
export const environment = Type.Object({
  PORT: Type.Integer({ default: 5005, minimum: 0, maximum: 65_535 }),
  HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  PUBLIC_URL: address,
  WEB_UI: Type.Unsafe<'on' | 'off'>({ type: 'string', enum: ['on', 'off'], default: 'on' }),
  REQUEST_BODY_VALUES: Type.Integer({ default: 200_000, minimum: 1_000, maximum: 10_000_000 }),
  TRUSTED_PROXIES: Type.Optional(Type.String()),
  REQUESTS_PER_MINUTE_PER_ADDRESS: Type.Integer({ default: 600, minimum: 0, maximum: 1_000_000 }),
  REQUESTS_PER_MINUTE_PER_KEY: Type.Integer({ default: 0, minimum: 0, maximum: 10_000_000 }),
  OPENAPI_OPEN: Type.Boolean({ default: true }),
  DATABASE_URL: Type.Optional(Type.String()),
  DATABASE_POOL_SIZE: Type.Integer({ default: 16, minimum: 2, maximum: 1_000 }),
  DATABASE_WAIT_SECONDS: Type.Number({ default: 60, minimum: 0 }),
  DATABASE_READ_SECONDS: seconds(30),
  DATABASE_STATEMENT_SECONDS: seconds(300),
  LOOPWRIGHT_DATA_DIR: Type.String({ default: '.loopwright', minLength: 1 }),
  LOOPWRIGHT_API_KEY: Type.Optional(Type.String({ minLength: 16 })),
  LOOPWRIGHT_OWNER_EMAIL: Type.Optional(Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$' })),
  LOOPWRIGHT_OWNER_PASSWORD_FILE: Type.Optional(Type.String()),
  LOOPWRIGHT_ALLOW_UNCLAIMED: Type.Boolean({ default: false }),
  LOOPWRIGHT_RUN_KEYS_CREATE_FILES: Type.Boolean({ default: true }),
  LOOPWRIGHT_SECRET_KEY: Type.Optional(Type.String()),
  LOOPWRIGHT_SECRET_KEY_PREVIOUS: Type.Optional(Type.String()),
  OPENAI_API_KEY: Type.Optional(Type.String()),
  OPENAI_BASE_URL: address,
  ANTHROPIC_API_KEY: Type.Optional(Type.String()),
  ANTHROPIC_BASE_URL: address,
  GOOGLE_API_KEY: Type.Optional(Type.String()),
  GOOGLE_BASE_URL: address,
  AZURE_OPENAI_API_KEY: Type.Optional(Type.String()),
  AZURE_OPENAI_ENDPOINT: address,
  AZURE_OPENAI_API_VERSION: Type.String({ default: '2024-10-21', pattern: '^[\\w.-]+$' }),
  AWS_BEARER_TOKEN_BEDROCK: Type.Optional(Type.String()),
  AWS_ACCESS_KEY_ID: Type.Optional(Type.String()),
  AWS_SECRET_ACCESS_KEY: Type.Optional(Type.String()),
  AWS_SESSION_TOKEN: Type.Optional(Type.String()),
  AWS_REGION: Type.Optional(Type.String()),
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: address,
  COHERE_API_KEY: Type.Optional(Type.String()),
  COHERE_BASE_URL: address,
  GROQ_API_KEY: Type.Optional(Type.String()),
  GROQ_BASE_URL: address,
  DEEPSEEK_API_KEY: Type.Optional(Type.String()),
  DEEPSEEK_BASE_URL: address,
  REPLICATE_API_KEY: Type.Optional(Type.String()),
  REPLICATE_BASE_URL: address,
  MOCK_PROVIDER: Type.Unsafe<'on' | 'off'>({ type: 'string', enum: ['on', 'off'], default: 'on' }),
  PROVIDER_FIRST_BYTE_TIMEOUT_SECONDS: seconds(600),
  PROVIDER_IDLE_TIMEOUT_SECONDS: seconds(300),
  PROVIDER_TOTAL_TIMEOUT_SECONDS: seconds(1_200),
  PROVIDER_MAX_ATTEMPTS: Type.Integer({ default: 3, minimum: 1, maximum: 10 }),
  PROVIDER_MAX_RETRY_AFTER_SECONDS: seconds(30),
  PROVIDER_ANSWER_BYTES: Type.Integer({
    default: standardBounds.bytes,
    minimum: 100_000,
    maximum: 100_000_000,
  }),
  PROVIDER_ANSWER_LINES: Type.Integer({
    default: standardBounds.lines,
    minimum: 1_000,
    maximum: 100_000_000,
  }),
  RUN_LEASE_SECONDS: Type.Number({ default: 15, minimum: 1, maximum: 3_600 }),
  // The longest delay of a timer is 24 days.
  RUN_TIMEOUT_SECONDS: Type.Number({ default: 3_600, exclusiveMinimum: 0, maximum: 2_000_000 }),
  RUN_CONCURRENCY_PER_ORGANIZATION: Type.Optional(Type.Integer({ minimum: 1 })),
  RUN_CALLS_PER_TURN: Type.Integer({ default: 128, minimum: 1, maximum: 10_000 }),
  RUN_CALLS_AT_ONCE: Type.Integer({ default: 16, minimum: 1, maximum: 10_000 }),
  RUN_CHECKS_MILLISECONDS: Type.Integer({ default: 2_000, minimum: 0, maximum: 3_600_000 }),
  RUNS_BELOW_AT_ONCE: Type.Integer({ default: 100, minimum: 1, maximum: 100_000 }),
  RUNS_BELOW_IN_ALL: Type.Integer({ default: 1_000, minimum: 1, maximum: 1_000_000 }),
  PYTHON_TIMEOUT_SECONDS: seconds(30),
  // Python itself takes 40 MB; WebAssembly cannot address more than 4 GB.
  PYTHON_MEMORY_MEGABYTES: Type.Integer({ default: 256, minimum: 64, maximum: 4_000 }),
  PYTHON_STDOUT_CHARACTERS: Type.Integer({ default: 100_000, minimum: 0, maximum: 10_000_000 }),
  PYTHON_OUTPUT_CHARACTERS: Type.Integer({ default: 1_000_000, minimum: 1, maximum: 10_000_000 }),
  PYTHON_MAX_PROCESSES: Type.Integer({ default: 4, minimum: 1, maximum: 1_000 }),
  PYTHON_QUEUE_SECONDS: seconds(60),
  EVALUATOR_TIMEOUT_SECONDS: seconds(30),
  EVALUATION_JUDGE_CONCURRENCY: Type.Integer({ default: 8, minimum: 1, maximum: 1_000 }),
  LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: Type.Optional(Type.String()),
  MCP_LIST_TIMEOUT_SECONDS: seconds(10),
  MCP_CALL_TIMEOUT_SECONDS: seconds(60),
  MCP_ANSWER_BYTES: Type.Integer({ default: 1_000_000, minimum: 1_000, maximum: 10_000_000 }),
  MCP_ANSWER_MESSAGES: Type.Integer({ default: 5_000, minimum: 1, maximum: 1_000_000 }),
  EVALUATION_CONCURRENCY: Type.Integer({ default: 16, minimum: 1, maximum: 1_000 }),
  EVALUATION_EXTERNAL_GRACE_SECONDS: Type.Number({ default: 120, minimum: 0 }),
  EVALUATION_IDLE_HOURS: Type.Number({ default: 24, exclusiveMinimum: 0 }),
  LOOPWRIGHT_PRICES_FILE: Type.Optional(Type.String()),
  LOG_LEVEL: Type.Unsafe<LogLevel>({ type: 'string', enum: [...logLevels], default: 'warn' }),
});

/** All settings, read and checked once. `.env.example` explains each. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where people reach the server, without a slash at its end. Undefined: where it listens. */
  readonly publicUrl: string | undefined;
  /** Whether the server shows its web UI, if it is built. */
  readonly showsWebUi: boolean;
  /** The most values in the JSON of a request's body. */
  readonly bodyValues: number;
  readonly doorLimits: DoorLimits;
  /** Undefined: Loopwright starts its own Postgres. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  /** How long a starting server waits for the database at `databaseUrl`. */
  readonly databaseWaitMs: number;
  readonly statementLimits: StatementLimits;
  readonly dataDir: string;
  readonly apiKey: string | undefined;
  /** Who owns the organization, until it has an owner. */
  readonly owner: { readonly email: string; readonly passwordFile: string } | undefined;
  /** Whether others may reach the server while nobody owns the organization. */
  readonly allowsUnclaimed: boolean;
  readonly rules: RuleSettings;
  /** 32 bytes. Undefined: the key is in the data folder, and is created there when missing. */
  readonly secretKey: Buffer | undefined;
  readonly previousSecretKey: Buffer | undefined;
  /**
   * True when the operator accepts that an earlier secret key is lost, with all that it encrypted.
   */
  readonly isSecretKeyLost: boolean;
  readonly openai: ProviderConfig;
  readonly anthropic: ProviderConfig;
  readonly google: ProviderConfig;
  readonly azure: {
    readonly apiKey: string | undefined;
    readonly endpoint: string | undefined;
    readonly apiVersion: string;
  };
  /** Its key may have any of the forms that a call's key may have; see `docs/providers.md`. */
  readonly bedrock: ProviderConfig & { readonly region: string | undefined };
  readonly cohere: ProviderConfig;
  readonly groq: ProviderConfig;
  readonly deepseek: ProviderConfig;
  readonly replicate: ProviderConfig;
  /** Whether versions may name `mock` as their provider. */
  readonly offersMock: boolean;
  readonly modelLimits: ModelLimits;
  readonly leaseSeconds: number;
  readonly runLimits: RunLimits;
  readonly python: PythonLimits;
  readonly judging: JudgingLimits;
  /** Hosts outside the public internet that requests to users' addresses may reach. */
  readonly allowedHosts: AllowedHosts;
  readonly mcp: McpLimits;
  readonly evaluation: EvaluationLimits;
  /** A file with the operator's own prices, which override all others. */
  readonly pricesFile: string | undefined;
  readonly logLevel: LogLevel;
}

interface ProviderConfig {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}

/**
 * Reads the configuration; throws one error that lists every invalid variable.
 *
 * @param env an empty variable counts as unset.
 */
export function readConfig(env: NodeJS.ProcessEnv = readEnvironment()): Config {
  const given = Object.fromEntries(
    Object.keys(environment.properties).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const settings = Value.Convert(environment, Value.Default(environment, { ...given }));
  const isValid = Value.Check(environment, settings);
  const complaints = [
    ...(isValid ? [] : settingFaults(settings)),
    ...secretFaults(given),
    ...ownerFaults(given),
    ...textFaults(given),
  ];
  if (!isValid || complaints.length > 0) throw badConfiguration(complaints);
  return toConfig(settings);
}

/** The process environment; variables that it lacks come from `.env` in the working folder. */
export function readEnvironment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new StartFailure(
        `The file .env with the settings cannot be read (${message})`,
        'make it readable for this account, or remove it',
        error,
      );
    }
  }
  return process.env;
}

function settingFaults(settings: unknown): readonly string[] {
  return Value.Errors(environment, settings).map(({ instancePath, message, params }) => {
    const { allowedValues } = params as { allowedValues?: readonly string[] };
    return `${instancePath.slice(1)} ${message}${allowedValues ? `: ${allowedValues.join(', ')}` : ''}`;
  });
}

function secretFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { LOOPWRIGHT_SECRET_KEY: key, LOOPWRIGHT_SECRET_KEY_PREVIOUS: previous } = given;
  const secrets = [
    ...(isSecret(key)
      ? []
      : [
          'LOOPWRIGHT_SECRET_KEY must be 32 bytes in base64; make one with `openssl rand -base64 32`',
        ]),
    ...(isSecret(previous) || previous === lostKey
      ? []
      : [`LOOPWRIGHT_SECRET_KEY_PREVIOUS must be 32 bytes in base64, or the word ${lostKey}`]),
  ];
  return given['DATABASE_URL'] !== undefined && key === undefined
    ? [
        ...secrets,
        'LOOPWRIGHT_SECRET_KEY must be set when DATABASE_URL is set; make one with `openssl rand -base64 32`',
      ]
    : secrets;
}

function ownerFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { LOOPWRIGHT_OWNER_EMAIL: email, LOOPWRIGHT_OWNER_PASSWORD_FILE: file } = given;
  return (email === undefined) === (file === undefined)
    ? []
    : ['LOOPWRIGHT_OWNER_EMAIL and LOOPWRIGHT_OWNER_PASSWORD_FILE must be set together'];
}

/** The faults of settings whose values have parsers of their own. */
function textFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { DATABASE_URL: url, LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: hosts } = given;
  const { TRUSTED_PROXIES: proxies } = given;
  return [
    ...(url === undefined ? [] : readFault(() => readDatabaseUrl(url), 'DATABASE_URL ')),
    ...proxiesOf(proxies)
      .filter((entry) => !isProxy(entry))
      .map((entry) => `TRUSTED_PROXIES: \`${entry}\` is no address or range such as 10.1.0.0/16`),
    ...readFault(() => readAllowedHosts(hosts ?? ''), 'LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '),
  ];
}

function proxiesOf(text = ''): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function isProxy(entry: string): boolean {
  const [address = '', length, ...rest] = entry.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
}

function readFault(read: () => unknown, prefix: string): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [`${prefix}${(error as Error).message}`];
  }
}

function toConfig(settings: Static<typeof environment>): Config {
  const { LOOPWRIGHT_SECRET_KEY: secret, LOOPWRIGHT_SECRET_KEY_PREVIOUS: previous } = settings;
  return {
    port: settings.PORT,
    host: settings.HOST,
    publicUrl: settings.PUBLIC_URL && withoutSlashes(settings.PUBLIC_URL),
    showsWebUi: settings.WEB_UI === 'on',
    bodyValues: settings.REQUEST_BODY_VALUES,
    doorLimits: doorLimitsOf(settings),
    databaseUrl:
      settings.DATABASE_URL === undefined ? undefined : readDatabaseUrl(settings.DATABASE_URL),
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    databaseWaitMs: settings.DATABASE_WAIT_SECONDS * 1_000,
    statementLimits: statementLimits(
      settings.DATABASE_READ_SECONDS * 1_000,
      settings.DATABASE_STATEMENT_SECONDS * 1_000,
    ),
    dataDir: settings.LOOPWRIGHT_DATA_DIR,
    ...accountsOf(settings),
    secretKey: secret === undefined ? undefined : readSecret(secret),
    previousSecretKey:
      previous === undefined || previous === lostKey ? undefined : readSecret(previous),
    isSecretKeyLost: previous === lostKey,
    openai: { apiKey: settings.OPENAI_API_KEY, baseUrl: settings.OPENAI_BASE_URL },
    anthropic: { apiKey: settings.ANTHROPIC_API_KEY, baseUrl: settings.ANTHROPIC_BASE_URL },
    google: { apiKey: settings.GOOGLE_API_KEY, baseUrl: settings.GOOGLE_BASE_URL },
    azure: {
      apiKey: settings.AZURE_OPENAI_API_KEY,
      endpoint: settings.AZURE_OPENAI_ENDPOINT,
      apiVersion: settings.AZURE_OPENAI_API_VERSION,
    },
    bedrock: {
      apiKey: bedrockKey(settings),
      region: settings.AWS_REGION,
      baseUrl: settings.AWS_ENDPOINT_URL_BEDROCK_RUNTIME,
    },
    cohere: { apiKey: settings.COHERE_API_KEY, baseUrl: settings.COHERE_BASE_URL },
    groq: { apiKey: settings.GROQ_API_KEY, baseUrl: settings.GROQ_BASE_URL },
    deepseek: { apiKey: settings.DEEPSEEK_API_KEY, baseUrl: settings.DEEPSEEK_BASE_URL },
    replicate: { apiKey: settings.REPLICATE_API_KEY, baseUrl: settings.REPLICATE_BASE_URL },
    offersMock: settings.MOCK_PROVIDER === 'on',
    modelLimits: {
      firstByteTimeoutMs: settings.PROVIDER_FIRST_BYTE_TIMEOUT_SECONDS * 1_000,
      idleTimeoutMs: settings.PROVIDER_IDLE_TIMEOUT_SECONDS * 1_000,
      totalTimeoutMs: settings.PROVIDER_TOTAL_TIMEOUT_SECONDS * 1_000,
      maxAttempts: settings.PROVIDER_MAX_ATTEMPTS,
      maxRetryAfterMs: settings.PROVIDER_MAX_RETRY_AFTER_SECONDS * 1_000,
      answer: { bytes: settings.PROVIDER_ANSWER_BYTES, lines: settings.PROVIDER_ANSWER_LINES },
    },
    leaseSeconds: settings.RUN_LEASE_SECONDS,
    runLimits: runLimitsOf(settings),
    python: {
      timeoutMs: settings.PYTHON_TIMEOUT_SECONDS * 1_000,
      memoryBytes: settings.PYTHON_MEMORY_MEGABYTES * 1024 * 1024,
      stdoutCharacters: settings.PYTHON_STDOUT_CHARACTERS,
      outputCharacters: settings.PYTHON_OUTPUT_CHARACTERS,
      maxProcesses: settings.PYTHON_MAX_PROCESSES,
      queueMs: settings.PYTHON_QUEUE_SECONDS * 1_000,
    },
    judging: {
      timeoutMs: settings.EVALUATOR_TIMEOUT_SECONDS * 1_000,
      modelsAtOnce: settings.EVALUATION_JUDGE_CONCURRENCY,
    },
    allowedHosts: readAllowedHosts(settings.LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS ?? ''),
    mcp: {
      listTimeoutMs: settings.MCP_LIST_TIMEOUT_SECONDS * 1_000,
      callTimeoutMs: settings.MCP_CALL_TIMEOUT_SECONDS * 1_000,
      mostBytes: settings.MCP_ANSWER_BYTES,
      mostMessages: settings.MCP_ANSWER_MESSAGES,
    },
    evaluation: {
      concurrency: settings.EVALUATION_CONCURRENCY,
      graceSeconds: settings.EVALUATION_EXTERNAL_GRACE_SECONDS,
      idleHours: settings.EVALUATION_IDLE_HOURS,
    },
    pricesFile: settings.LOOPWRIGHT_PRICES_FILE,
    logLevel: settings.LOG_LEVEL,
  };
}

function accountsOf(
  settings: Static<typeof environment>,
): Pick<Config, 'apiKey' | 'owner' | 'allowsUnclaimed' | 'rules'> {
  const { LOOPWRIGHT_OWNER_EMAIL: email, LOOPWRIGHT_OWNER_PASSWORD_FILE: passwordFile } = settings;
  const isOwned = email !== undefined && passwordFile !== undefined;
  return {
    apiKey: settings.LOOPWRIGHT_API_KEY,
    owner: isOwned ? { email, passwordFile } : undefined,
    allowsUnclaimed: settings.LOOPWRIGHT_ALLOW_UNCLAIMED,
    rules: {
      runKeysCreateFiles: settings.LOOPWRIGHT_RUN_KEYS_CREATE_FILES,
      openApiIsOpen: settings.OPENAPI_OPEN,
    },
  };
}

function doorLimitsOf(settings: Static<typeof environment>): DoorLimits {
  return {
    perAddress: settings.REQUESTS_PER_MINUTE_PER_ADDRESS,
    perKey: settings.REQUESTS_PER_MINUTE_PER_KEY,
    trustedProxies: proxiesOf(settings.TRUSTED_PROXIES),
  };
}

function runLimitsOf(settings: Static<typeof environment>): RunLimits {
  return {
    timeoutMs: settings.RUN_TIMEOUT_SECONDS * 1_000,
    atOnce: settings.RUN_CONCURRENCY_PER_ORGANIZATION,
    atOnceHere: 1_000,
    callsPerTurn: settings.RUN_CALLS_PER_TURN,
    callsAtOnce: settings.RUN_CALLS_AT_ONCE,
    checksMs: settings.RUN_CHECKS_MILLISECONDS,
    below: { atOnce: settings.RUNS_BELOW_AT_ONCE, inAll: settings.RUNS_BELOW_IN_ALL },
  };
}

function bedrockKey(settings: Static<typeof environment>): string | undefined {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = settings;
  const { AWS_BEARER_TOKEN_BEDROCK: token, AWS_SESSION_TOKEN: session } = settings;
  if (token !== undefined) return token;
  if (id === undefined || secret === undefined) return undefined;
  return session === undefined ? `${id}:${secret}` : `${id}:${secret}:${session}`;
}

/** Given in place of the previous secret key: that key is lost, and so is all that it encrypted. */
const lostKey = 'lost';

function isSecret(text: string | undefined): boolean {
  return text === undefined || readSecret(text).length === 32;
}

function readSecret(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

function badConfiguration(complaints: readonly string[]): Error {
  return new Error(`Bad configuration.\n${complaints.map((line) => `  ${line}`).join('\n')}`);
}
