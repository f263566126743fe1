import type { Database } from '../../database/database.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { LogParts } from '../../logs/log-parts.ts';
import type { RunLimits } from './run-limits.ts';

/** The parts that the engine needs for runs of every kind. */
export interface EngineParts extends LogParts {
  readonly database: Database;
  /** A pool of its own, so that a crowd of requests cannot delay the renewal of leases. */
  readonly leaseDatabase: Database;
  readonly runLimits: RunLimits;
  readonly logger: Logger;
  readonly secrets: SecretBox;
  /** Seconds after which another process takes over a run whose lease is not renewed. */
  readonly leaseSeconds: number;
}
