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
 * Asks the model of a spec. If it fails before it yields anything, asks the fallbacks of the spec,
 * one after the other. Every failure counts, also a rejected request or a missing key, because
 * another vendor may accept the request.
 *
 * @param notes receives a line for each model that failed, and for a fallback that answered.
 * @param ask asks the model that a spec names.
 * @throws ProviderFailure when all models fail: the first failure that a repeat may solve, or else
 *   the first of all.
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

/** The specs of the models to ask, in order. The first is the spec itself. */
function modelsToAsk(spec: ModelSpec): readonly ModelSpec[] {
  const fallbacks = spec.other?.fallbacks ?? [];
  return [spec, ...fallbacks.map((fallback) => fallbackSpec(spec, fallback))];
}

function fallbackSpec(spec: ModelSpec, { provider: given, model, other }: Fallback): ModelSpec {
  const own = providerOf(spec);
  const provider = given ?? own;
  // Keep the fields of `other` only for the same vendor: another vendor rejects fields that it does
  // not know.
  return { ...spec, provider, model, other: other ?? (provider === own ? vendorFields(spec) : {}) };
}

/** Adapts a request to another model: its name, its fields, and messages that it can read. */
export function requestTo(target: ModelSpec, request: ModelRequest): ModelRequest {
  return {
    ...request,
    model: target.model,
    other: vendorFields(target),
    messages: request.messages.map((said) => messageTo(target, said)),
  };
}

/**
 * Leaves out the parts of a message that only the model that wrote it can read: signatures, and the
 * thinking that they sign.
 */
function messageTo(target: ModelSpec, said: PromptMessage): PromptMessage {
  const { author } = said;
  const isOwn = author?.provider === providerOf(target) && author.model === target.model;
  if (!author || isOwn) return said;
  const { thinking, ...message } = said.message;
  return { message };
}
