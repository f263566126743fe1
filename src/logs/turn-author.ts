import { type ModelSpec, providerOf } from '../contract/kinds/model.ts';
import type { ModelName } from '../contract/providers.ts';
import type { TurnRecord } from './log-record.ts';

/** The model that answered in a turn: the one that the turn names, else the one of its version. */
export function authorOf(
  { provider, model }: Pick<TurnRecord, 'provider' | 'model'>,
  spec: Pick<ModelSpec, 'provider' | 'model'>,
): ModelName {
  return { provider: provider ?? providerOf(spec), model: model ?? spec.model };
}
