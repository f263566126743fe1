import { type ModelSpec, providerOf } from '../../contract/kinds/model.ts';
import { isModelProvider, type ModelName, type ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import { mapped } from '../../kernel/each.ts';
import { isRefusal } from '../../kernel/errors.ts';
import { type BrokenAnswer, callModel, type TimedAnswer } from '../../providers/call-model.ts';
import { type ModelEvent, type ModelRequest, ProviderFailure } from '../../providers/provider.ts';
import type { Notes } from '../runs/notes.ts';
import { type ChosenProvider, chooseProvider } from './choose-provider.ts';
import { requestTo, withFallbacks } from './fallbacks.ts';
import type { ModelParts } from './model-parts.ts';
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
export type Reply = TimedAnswer & ModelName;

/** The beginning of an answer, and the model that gave it. */
export type BrokenReply = BrokenAnswer & ModelName;

/**
 * Calls the model of a spec, or one of its fallbacks, with the keys and limits of a run. Yields the
 * text of the answer as it arrives, and returns the answer. Warnings of the provider become notes.
 *
 * @param onBroken is called when a call ends after the beginning of its answer has come; a fallback
 *   may answer after it.
 * @throws ProviderFailure when no model answers: each call failed after its retries, or had no key.
 */
export async function* askModel(
  asker: Asker,
  spec: ModelSpec,
  request: ModelRequest,
  onBroken?: (reply: BrokenReply) => void,
): AsyncGenerator<string, Reply> {
  const reply = yield* mapped(
    withFallbacks(spec, asker.notes, (target) => ask(asker, target, request, onBroken)),
    (event) => (event.type === 'text' ? event.delta : undefined),
  );
  asker.notes.add(reply.warnings);
  return reply;
}

async function* ask(
  asker: Asker,
  target: ModelSpec,
  request: ModelRequest,
  onBroken: ((reply: BrokenReply) => void) | undefined,
): AsyncGenerator<ModelEvent, Reply> {
  const { parts, signal } = asker;
  const { provider, apiKey } = await chosenNow(asker, target);
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
    onBroken: (answer) => onBroken?.({ ...answer, ...asked }),
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
 * The vendor of a version, with its current key. When the key or its endpoint has been deleted since
 * the run began, the model call fails as if the vendor had rejected the key.
 */
async function chosenNow(asker: Asker, spec: ModelSpec): Promise<ChosenProvider> {
  try {
    return await chooseProvider(asker, spec);
  } catch (error) {
    // Any other error is the server's, e.g. a database that cannot be reached, and no answer of a
    // vendor: the call is made again by the process that takes the run over.
    if (!isRefusal(error)) throw error;
    const name = providerOf(spec);
    const origin = (isModelProvider(name) && asker.parts.providers[name]?.title) || name;
    throw new ProviderFailure('unauthorized', error.message, { origin, cause: error });
  }
}
