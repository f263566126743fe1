import type { Fallback } from '../../contract/kinds/model.ts';
import { type ModelSpec, providerOf } from '../../contract/kinds/model.ts';
import { mapped } from '../../kernel/each.ts';
import {
  type ModelEvent,
  type ModelRequest,
  type PromptMessage,
  ProviderFailure,
} from '../../providers/provider.ts';
import type { Notes } from '../runs/notes.ts';
import { vendorFields } from './model-request.ts';

/**
 * Asks the model of a spec, and when it fails before it has said anything, the fallbacks of the spec,
 * one after the other. Every kind of failure counts, a refusal of the request and a missing key too:
 * what one vendor does not take, another may.
 *
 * @param notes told what became of each model, unless the spec's own answered.
 * @param ask asks one model, by a spec that names it.
 * @throws ProviderFailure when all fail: the first that a repeat may mend, or else the first.
 */
export async function* withFallbacks<Answer>(
  spec: ModelSpec,
  notes: Pick<Notes, 'add'>,
  ask: (target: ModelSpec) => AsyncGenerator<ModelEvent, Answer>,
): AsyncGenerator<ModelEvent, Answer> {
  const targets = modelsToAsk(spec);
  if (targets.length === 1) return yield* ask(spec);
  const failures: ProviderFailure[] = [];
  for (const target of targets) {
    const name = `\`${providerOf(target)}\` model \`${target.model}\``;
    let hasBegun = false;
    try {
      const answer = yield* mapped(ask(target), (event) => {
        hasBegun = true;
        return event;
      });
      if (target !== spec) notes.add([`${name} answered instead.`]);
      return answer;
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      notes.add([`${name} failed: ${error.message}`]);
      if (hasBegun) throw error;
      failures.push(error);
    }
  }
  throw failures.find(({ isRetryable }) => isRetryable) ?? failures[0];
}

/** The models to ask, in this order, each by a spec that names it; the first is the spec itself. */
function modelsToAsk(spec: ModelSpec): readonly ModelSpec[] {
  const fallbacks = spec.other?.fallbacks ?? [];
  return [spec, ...fallbacks.map((fallback) => fallbackSpec(spec, fallback))];
}

function fallbackSpec(spec: ModelSpec, { provider: given, model, other }: Fallback): ModelSpec {
  const own = providerOf(spec);
  const provider = given ?? own;
  // Keep the fields of `other` only for the same vendor: others refuse what they do not know.
  return { ...spec, provider, model, other: other ?? (provider === own ? vendorFields(spec) : {}) };
}

/** A request to the model of a spec, as one to another: with that one's name, fields and messages. */
export function requestTo(target: ModelSpec, request: ModelRequest): ModelRequest {
  return {
    ...request,
    model: target.model,
    other: vendorFields(target),
    messages: request.messages.map((said) => messageTo(target, said)),
  };
}

/** A message without what only the model that said it can read: signatures, and thinking by them. */
function messageTo(target: ModelSpec, said: PromptMessage): PromptMessage {
  const { author } = said;
  const isOwn = author?.provider === providerOf(target) && author.model === target.model;
  if (!author || isOwn) return said;
  const { thinking, ...message } = said.message;
  return { message };
}
