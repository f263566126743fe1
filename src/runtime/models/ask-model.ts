import { type ModelSpec, providerOf } from '../../contract/kinds/model.ts';
import type { ModelName, ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import { timestamp } from '../../kernel/clock.ts';
import { mapped } from '../../kernel/each.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { TurnRecord } from '../../logs/log-record.ts';
import { callModel, type TimedAnswer } from '../../providers/call-model.ts';
import { type ModelEvent, type ModelRequest, ProviderFailure } from '../../providers/provider.ts';
import type { Notes } from '../runs/notes.ts';
import { requestTo, withFallbacks } from './fallbacks.ts';
import type { ModelParts } from './model-parts.ts';
import { type ChosenProvider, chooseProvider } from './model-request.ts';
import { findKeys, type ProviderKeys } from './provider-keys.ts';
import { usageColumns } from './usage-columns.ts';
import { withVendorHint } from './vendor-hint.ts';

/** What a model call is made with: of a run, or of a call in it. */
export interface Asker {
  readonly parts: ModelParts;
  readonly workspace: Workspace;
  readonly providerApiKeys: ProviderApiKeys;
  readonly signal: AbortSignal;
  /** Where lines go that the log is to show. */
  readonly notes: Pick<Notes, 'add'>;
}

/** An answer, and the model that it is of. */
type Reply = TimedAnswer & ModelName;

/**
 * Calls the model of a spec, or one of its fallbacks, with the keys and limits of a run: yields the
 * text of the answer as it comes, and returns the answer. What vendors left out is noted.
 *
 * @throws ProviderFailure when the call fails after its retries, or when there is no key for it, and
 *   no fallback answers.
 */
export async function* askModel(
  asker: Asker,
  spec: ModelSpec,
  request: ModelRequest,
): AsyncGenerator<string, Reply> {
  const reply = yield* mapped(
    withFallbacks(spec, asker.notes, (target) => ask(asker, target, request)),
    (event) => (event.type === 'text' ? event.delta : undefined),
  );
  asker.notes.add(reply.warnings);
  return reply;
}

async function* ask(
  asker: Asker,
  target: ModelSpec,
  request: ModelRequest,
): AsyncGenerator<ModelEvent, Reply> {
  const { parts, signal } = asker;
  const { provider, apiKey } = chosenNow(parts, target, await findKeys(asker));
  const { modelLimits: limits, logger: log } = parts;
  const calling = callModel(provider, requestTo(target, request), { apiKey, signal, limits, log });
  const asked = { provider: providerOf(target), model: target.model };
  try {
    return { ...(yield* calling), ...asked };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    throw withVendorHint(error, asked);
  }
}

/**
 * The vendor of a version, and the key that there is for it now. There was one when the run began;
 * one that was taken away since then fails the call, as one that the vendor refuses does.
 */
function chosenNow(parts: ModelParts, spec: ModelSpec, keys: ProviderKeys): ChosenProvider {
  try {
    return chooseProvider(parts, spec, keys);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { title: origin = providerOf(spec) } = parts.providers[providerOf(spec)] ?? {};
    throw new ProviderFailure('unauthorized', error.message, { origin, cause: error });
  }
}

/** A model call as a turn. @param number from 1. */
export function asTurn(
  { parts: { prices } }: { readonly parts: Pick<ModelParts, 'prices'> },
  answer: Reply,
  number: number,
): TurnRecord {
  const { provider, model } = answer;
  const usage = usageColumns(answer.usage);
  const at = timestamp(answer.startedAt);
  return {
    number,
    started_at: at,
    first_token_at: answer.firstTokenAt && timestamp(answer.firstTokenAt),
    ended_at: timestamp(answer.endedAt),
    provider,
    model,
    finish_reason: answer.finishReason,
    error: null,
    ...usage,
    ...prices.costOf({ provider, model, usage, at }),
    message: answer.message,
    parts: answer.parts ?? null,
    results: [],
    continuation: null,
    provider_request: answer.providerRequest,
    shared_messages: 0,
    provider_response: answer.providerResponse,
  };
}
