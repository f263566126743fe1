import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type LogLevel, logLevels } from './kernel/logger.ts';

const seconds = (standard: number) => Type.Number({ default: standard, exclusiveMinimum: 0 });

/** Every setting by its name, in the order of `.env.example`. */
export const environment = Type.Object({
  PORT: Type.Integer({ default: 5005, minimum: 0, maximum: 65_535 }),
  HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  DATABASE_POOL_SIZE: Type.Integer({ default: 16, minimum: 2, maximum: 1_000 }),
  LOOPWRIGHT_DATA_DIR: Type.String({ default: '.loopwright', minLength: 1 }),
  LOOPWRIGHT_API_KEY: Type.Optional(Type.String({ minLength: 16 })),
  LOOPWRIGHT_SECRET_KEY: Type.Optional(Type.String()),
  LOOPWRIGHT_SECRET_KEY_PREVIOUS: Type.Optional(Type.String()),
  OPENAI_API_KEY: Type.Optional(Type.String()),
  OPENAI_BASE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  ANTHROPIC_API_KEY: Type.Optional(Type.String()),
  ANTHROPIC_BASE_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  PROVIDER_FIRST_BYTE_TIMEOUT_SECONDS: seconds(600),
  PROVIDER_IDLE_TIMEOUT_SECONDS: seconds(300),
  PROVIDER_TOTAL_TIMEOUT_SECONDS: seconds(1_200),
  PROVIDER_MAX_ATTEMPTS: Type.Integer({ default: 3, minimum: 1, maximum: 10 }),
  PROVIDER_MAX_RETRY_AFTER_SECONDS: seconds(30),
  LOG_LEVEL: Type.Unsafe<LogLevel>({ type: 'string', enum: [...logLevels], default: 'warn' }),
});

/** Every setting, read once and checked. `.env.example` says what each is for. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Undefined: Loopwright starts a Postgres of its own. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  readonly apiKey: string | undefined;
  /** 32 bytes. Undefined: one is made, and kept in the data folder. */
  readonly secretKey: Buffer | undefined;
  readonly previousSecretKey: Buffer | undefined;
  readonly openai: ProviderConfig;
  readonly anthropic: ProviderConfig;
  readonly modelLimits: {
    readonly firstByteTimeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly totalTimeoutMs: number;
    readonly maxAttempts: number;
    readonly maxRetryAfterMs: number;
  };
  readonly logLevel: LogLevel;
}

interface ProviderConfig {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}

/**
 * Reads the configuration, or throws one error that lists every bad variable.
 *
 * @param env defaults to the process environment and, for what it lacks, the file `.env` of the
 *   working folder. A variable that is empty counts as one that is not set.
 */
export function readConfig(env: NodeJS.ProcessEnv = environmentAndFile()): Config {
  const given = Object.fromEntries(
    Object.keys(environment.properties).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const settings = Value.Convert(environment, Value.Default(environment, { ...given }));
  const isValid = Value.Check(environment, settings);
  const complaints = [...(isValid ? [] : faultsOf(settings)), ...secretFaultsOf(given)];
  if (!isValid || complaints.length > 0) throw badConfiguration(complaints);
  return configOf(settings);
}

function environmentAndFile(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return process.env;
}

function faultsOf(settings: unknown): readonly string[] {
  return Value.Errors(environment, settings).map(({ instancePath, message, params }) => {
    const { allowedValues } = params as { allowedValues?: readonly string[] };
    return `${instancePath.slice(1)} ${message}${allowedValues ? `: ${allowedValues.join(', ')}` : ''}`;
  });
}

function secretFaultsOf(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const secrets = ['LOOPWRIGHT_SECRET_KEY', 'LOOPWRIGHT_SECRET_KEY_PREVIOUS'].flatMap((name) =>
    given[name] !== undefined && secretOf(given[name]).length !== 32
      ? [`${name} must be 32 bytes in base64: \`openssl rand -base64 32\``]
      : [],
  );
  return given['DATABASE_URL'] !== undefined && given['LOOPWRIGHT_SECRET_KEY'] === undefined
    ? [
        ...secrets,
        'LOOPWRIGHT_SECRET_KEY must be set when DATABASE_URL is: `openssl rand -base64 32`',
      ]
    : secrets;
}

function configOf(settings: Static<typeof environment>): Config {
  const { LOOPWRIGHT_SECRET_KEY: secret, LOOPWRIGHT_SECRET_KEY_PREVIOUS: previous } = settings;
  return {
    port: settings.PORT,
    host: settings.HOST,
    databaseUrl: settings.DATABASE_URL,
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    dataDir: settings.LOOPWRIGHT_DATA_DIR,
    apiKey: settings.LOOPWRIGHT_API_KEY,
    secretKey: secret === undefined ? undefined : secretOf(secret),
    previousSecretKey: previous === undefined ? undefined : secretOf(previous),
    openai: { apiKey: settings.OPENAI_API_KEY, baseUrl: settings.OPENAI_BASE_URL },
    anthropic: { apiKey: settings.ANTHROPIC_API_KEY, baseUrl: settings.ANTHROPIC_BASE_URL },
    modelLimits: {
      firstByteTimeoutMs: settings.PROVIDER_FIRST_BYTE_TIMEOUT_SECONDS * 1_000,
      idleTimeoutMs: settings.PROVIDER_IDLE_TIMEOUT_SECONDS * 1_000,
      totalTimeoutMs: settings.PROVIDER_TOTAL_TIMEOUT_SECONDS * 1_000,
      maxAttempts: settings.PROVIDER_MAX_ATTEMPTS,
      maxRetryAfterMs: settings.PROVIDER_MAX_RETRY_AFTER_SECONDS * 1_000,
    },
    logLevel: settings.LOG_LEVEL,
  };
}

function secretOf(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

function badConfiguration(complaints: readonly string[]): Error {
  return new Error(`Bad configuration.\n${complaints.map((line) => `  ${line}`).join('\n')}`);
}
