import { type ModelSpec, providerOf } from '../contract/kinds/model.ts';
import type { ModelName } from '../contract/providers.ts';
import type { TurnRecord } from './log-record.ts';

/** The model of a turn. A turn without a model of its own has that of its version. */
export function authorOf(
  { provider, model }: Pick<TurnRecord, 'provider' | 'model'>,
  spec: Pick<ModelSpec, 'provider' | 'model'>,
): ModelName {
  return { provider: provider ?? providerOf(spec), model: model ?? spec.model };
}
