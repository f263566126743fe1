import type { LogRecord } from '../../../logs/log-record.ts';

/** What an evaluator says of one log: fields of the evaluator's log. */
export type Verdict = Pick<
  LogRecord,
  | 'judgment'
  | 'error'
  | 'output'
  | 'output_message'
  | 'inputs'
  | 'stdout'
  | 'metadata'
  | 'prompt_tokens'
  | 'reasoning_tokens'
  | 'output_tokens'
  | 'prompt_cost'
  | 'output_cost'
  | 'finish_reason'
  | 'provider_latency'
  | 'provider_request'
  | 'provider_response'
  | 'start_time'
  | 'end_time'
>;

/** A verdict with some fields; all others are null. */
export function newVerdict(fields: Partial<Verdict>): Verdict {
  return { ...emptyVerdict, ...fields };
}

const emptyVerdict: Verdict = {
  judgment: null,
  error: null,
  output: null,
  output_message: null,
  inputs: null,
  stdout: null,
  metadata: null,
  prompt_tokens: null,
  reasoning_tokens: null,
  output_tokens: null,
  prompt_cost: null,
  output_cost: null,
  finish_reason: null,
  provider_latency: null,
  provider_request: null,
  provider_response: null,
  start_time: null,
  end_time: null,
};
