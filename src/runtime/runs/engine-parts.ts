import type { Database } from '../../database/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { RunLimits } from './run-limits.ts';

/** What the engine needs, whatever is run. */
export interface EngineParts {
  readonly database: Database;
  /** Connections of its own: no crowd of requests keeps leases from being renewed. */
  readonly leaseDatabase: Database;
  readonly runLimits: RunLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: SecretBox;
  /** Seconds after which a run is taken over whose process no longer says that it drives it. */
  readonly leaseSeconds: number;
}
