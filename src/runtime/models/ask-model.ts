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

/** The parts of a run, or of one of its tool calls, that a model call needs. */
export interface Asker {
  readonly parts: ModelParts;
  readonly workspace: Workspace;
  readonly providerApiKeys: ProviderApiKeys;
  readonly signal: AbortSignal;
  /** Receives lines for the `stdout` of the log. */
  readonly notes: Pick<Notes, 'add'>;
}

/** An answer, and the model that gave it. */
type Reply = TimedAnswer & ModelName;

/**
 * Calls the model of a spec, or one of its fallbacks, with the keys and limits of a run. Yields the
 * text of the answer as it arrives, and returns the answer. Warnings of the provider become notes.
 *
 * @throws ProviderFailure when no model answers: each call failed after its retries, or had no key.
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
  const { modelLimits: limits, logger: log, pace } = parts;
  const asked = { provider: providerOf(target), model: target.model };
  const { organizationId } = asker.workspace;
  const calling = callModel(provider, requestTo(target, request), {
    apiKey,
    signal,
    limits,
    log,
    onFailure({ kind, retryAfterMs }) {
      if (kind === 'rate_limited') pace.refused(organizationId, asked.provider, retryAfterMs);
    },
  });
  try {
    const answer = yield* calling;
    pace.answered(organizationId, asked.provider);
    return { ...answer, ...asked };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    throw withVendorHint(error, asked);
  }
}

/**
 * The vendor of a version, with its current key. When the key has been deleted since the run began,
 * the model call fails as if the vendor had rejected the key.
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

/** A model call as a turn. @param number the number of the turn, from 1. */
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
