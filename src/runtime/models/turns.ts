import type { ModelName } from '../../contract/providers.ts';
import { timestamp } from '../../kernel/clock.ts';
import type { TurnRecord } from '../../logs/log-record.ts';
import type { BrokenReply, Reply } from './ask-model.ts';
import type { ModelParts } from './model-parts.ts';
import { usageColumns } from './usage-columns.ts';

/** A model call as a turn. @param number the number of the turn, from 1. */
export function asTurn(
  { parts: { prices } }: { readonly parts: Pick<ModelParts, 'prices'> },
  answer: Reply,
  number: number,
): TurnRecord {
  const { provider, model } = answer;
  const usage = usageColumns(answer.usage);
  return {
    ...newTurn(answer, number),
    finish_reason: answer.finishReason,
    ...usage,
    ...prices.costOf({ provider, model, usage, at: timestamp(answer.startedAt) }),
    message: answer.message,
    parts: answer.parts ?? null,
  };
}

/** A failed call, whether or not the beginning of an answer came. */
export type FailedReply = Omit<BrokenReply, keyof ModelName> & {
  readonly [Name in keyof ModelName]: ModelName[Name] | null;
};

/** A model call that failed as a turn, which keeps the beginning of its answer. */
export function failedTurn(reply: FailedReply, number: number, error: string | null): TurnRecord {
  const { text } = reply;
  return {
    ...newTurn(reply, number),
    error,
    message: text === '' ? null : { role: 'assistant', content: text },
  };
}

function newTurn(reply: Reply | FailedReply, number: number): TurnRecord {
  return {
    number,
    started_at: timestamp(reply.startedAt),
    first_token_at: reply.firstTokenAt && timestamp(reply.firstTokenAt),
    ended_at: timestamp(reply.endedAt),
    provider: reply.provider,
    model: reply.model,
    finish_reason: null,
    error: null,
    ...usageColumns(unknownUsage),
    prompt_cost: null,
    output_cost: null,
    price_table: null,
    message: null,
    parts: null,
    results: [],
    continuation: null,
    provider_request: reply.providerRequest ?? null,
    shared_messages: 0,
    provider_response: reply.providerResponse ?? null,
  };
}

const unknownUsage = {
  inputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
};
