import { secondsBetween } from '../kernel/clock.ts';
import type { LogView, TurnRecord } from '../logs/log-record.ts';
import { textOf } from '../logs/message-text.ts';
import { promptTokens } from '../logs/totals.ts';

/** The samples of a call, in order. */
export function samplesBody({ turns }: LogView): readonly Record<string, unknown>[] {
  return turns.toSorted((a, b) => a.number - b.number).map(sampleBody);
}

/** One sample of a call. */
export function sampleBody(turn: TurnRecord): Record<string, unknown> {
  return {
    index: turn.number - 1,
    ...answerBody(turn),
    provider: turn.provider,
    model: turn.model,
    error: turn.error,
    provider_latency: secondsBetween(turn.started_at, turn.ended_at),
  };
}

/** The answer of one model call, and its usage. */
export function answerBody(turn: TurnRecord): Record<string, unknown> {
  return {
    output: turn.message && textOf(turn.message),
    output_message: turn.message,
    created_at: turn.ended_at,
    prompt_tokens: promptTokens(turn),
    reasoning_tokens: turn.reasoning_tokens,
    output_tokens: turn.output_tokens,
    prompt_cost: turn.prompt_cost,
    output_cost: turn.output_cost,
    finish_reason: turn.finish_reason,
  };
}
