import type { ModelProvider } from '../../contract/providers.ts';
import type { Database } from '../../database/database.ts';
import type { UsageCounter } from '../../files/usage-counter.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import type { ProviderKeyring } from '../../provider-keys/provider-keyring.ts';
import type { ModelLimits } from '../../providers/call-model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { McpConnect } from '../../tools/mcp/mcp-server.ts';
import type { PythonPool } from '../../tools/python/python-pool.ts';
import type { RunLimits } from './run-limits.ts';

/** What the runtime is built from. */
export interface RuntimeParts {
  readonly database: Database;
  /** Connections of its own: no crowd of requests keeps leases from being renewed. */
  readonly leaseDatabase: Database;
  /** Vendors without an entry cannot be called. */
  readonly providers: Readonly<Partial<Record<ModelProvider, Provider>>>;
  /** The keys of organizations for these vendors. */
  readonly keyring: ProviderKeyring;
  readonly modelLimits: ModelLimits;
  readonly runLimits: RunLimits;
  readonly prices: PriceTable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly usage: UsageCounter;
  readonly secrets: SecretBox;
  readonly python: PythonPool;
  readonly mcp: McpConnect;
  /** Seconds after which a run is taken over whose process no longer says that it drives it. */
  readonly leaseSeconds: number;
}
