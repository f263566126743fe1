import type { ChatMessage, ToolChoice } from '../contract/chat.ts';
import type { ModelProvider } from '../contract/providers.ts';
import type { LogTable, RunTable, TurnTable } from '../database/tables.ts';
import { isServerText } from './ended-as.ts';

/**
 * A log as it is stored. A log has one form: its fields have the names of the wire, in the
 * database and in between.
 */
export interface LogRecord
  extends Omit<
    LogTable,
    | 'organization_id'
    | 'inputs'
    | 'messages'
    | 'messages_replaced'
    | 'tool_choice'
    | 'output_message'
    | 'metadata'
    | 'provider_request'
    | 'provider_response'
  > {
  readonly inputs: Readonly<Record<string, unknown>> | null;
  /** Of an agent's call: those of the request; its turns hold the rest. */
  readonly messages: readonly ChatMessage[] | null;
  readonly messages_replaced: boolean;
  readonly tool_choice: ToolChoice | null;
  readonly output_message: ChatMessage | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly provider_request: unknown;
  readonly provider_response: unknown;
}

/** One model call of an agent's log, as it is stored. */
export interface TurnRecord
  extends Omit<
    TurnTable,
    | 'organization_id'
    | 'log_id'
    | 'provider'
    | 'message'
    | 'parts'
    | 'results'
    | 'continuation'
    | 'shared_messages'
  > {
  readonly provider: ModelProvider | null;
  /** Null where payloads are not stored. */
  readonly message: ChatMessage | null;
  readonly parts: readonly unknown[] | null;
  /** Tool messages of the calls that the server answered, in the order they came. */
  readonly results: readonly ChatMessage[];
  readonly continuation: readonly ChatMessage[] | null;
  /** How many messages the request shares with the turn before: those are left out here. */
  readonly shared_messages: number;
}

/** A run that has not ended. */
export interface RunRecord {
  readonly state: RunTable['state'];
  readonly iterations: number;
  readonly lease_owner: string | null;
  readonly lease_token: number;
  readonly lease_expires_at: string | null;
  readonly event_count: number;
  readonly continue_fingerprint: string | null;
  readonly sealed_conversation: Buffer | null;
  readonly keep_open: boolean;
  readonly options: StoredCallOptions;
  /** The run whose tool call this one answers. */
  readonly parent_log_id: string | null;
  readonly takeovers: number;
  /** True: whoever takes it over only has to end it. */
  readonly is_cancelled: boolean;
}

/** The options of a call that another process needs to go on with its run. */
export interface StoredCallOptions {
  /** True: vendors are asked for streams. */
  readonly stream?: boolean;
  /** The vendors for which the call brought keys of its own; the keys are never stored. */
  readonly own_keys?: readonly string[];
  /** The options of a prompt's call. */
  readonly samples?: number;
  readonly logprobs?: number;
  readonly suffix?: string;
}

/** A log with its turns and its run. */
export interface LogView {
  readonly record: LogRecord;
  /** In order; empty for a log that no run of ours made. */
  readonly turns: readonly TurnRecord[];
  /** Null when no run of it is under way or suspended. */
  readonly run: RunRecord | null;
}

/** A log as it is stored: without what went in and came out if `save` is false. */
export function storable(record: LogRecord): LogRecord {
  if (record.save) return record;
  return {
    ...record,
    inputs: null,
    messages: null,
    output: null,
    output_message: null,
    error: isServerText(record.ended_as) ? record.error : null,
    stdout: null,
    provider_request: null,
    provider_response: null,
  };
}
