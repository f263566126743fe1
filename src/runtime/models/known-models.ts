import { type ModelProvider, modelProviders } from '../../contract/providers.ts';
import { catalogueModels } from '../../pricing/catalogue.ts';

/** The models that have a price, by vendor. Vendors without any are left out. */
export function knownModels(): readonly {
  readonly provider: ModelProvider;
  readonly models: readonly string[];
}[] {
  return modelProviders
    .map((provider) => ({ provider, models: catalogueModels(provider) }))
    .filter(({ models }) => models.length > 0);
}
