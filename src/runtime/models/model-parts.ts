import type { ModelProvider } from '../../contract/providers.ts';
import type { CustomEndpoints } from '../../custom-endpoints/custom-endpoints.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import type { ProviderKeyring } from '../../provider-keys/provider-keyring.ts';
import type { ModelLimits } from '../../providers/call-model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { EngineParts } from '../runs/engine-parts.ts';
import type { ProviderPace } from './provider-pace.ts';

/** The parts that runs with models need. */
export interface ModelParts extends EngineParts {
  /** The providers that can be called. */
  readonly providers: Readonly<Partial<Record<ModelProvider, Provider>>>;
  /** The keys of organizations for these providers. */
  readonly keyring: ProviderKeyring;
  /** Servers of organizations' own. */
  readonly endpoints: CustomEndpoints;
  readonly modelLimits: ModelLimits;
  readonly prices: PriceTable;
  readonly pace: ProviderPace;
}
