import type { ChatMessage, ToolChoice } from '../contract/chat.ts';
import type { ProviderName } from '../contract/providers.ts';
import type { LogTable, RunTable, TurnTable } from '../database/tables.ts';
import { isServerText } from './ended-as.ts';

/**
 * A log in its stored form. It has the same field names on the wire, in the code and in the
 * database.
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
  /**
   * For the call of an agent: the messages of the request. The turns have the rest of the
   * conversation.
   */
  readonly messages: readonly ChatMessage[] | null;
  readonly messages_replaced: boolean;
  readonly tool_choice: ToolChoice | null;
  readonly output_message: ChatMessage | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly provider_request: unknown;
  readonly provider_response: unknown;
}

/** A model call of a log, in its stored form. */
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
    | 'continued_at'
    | 'continued_by'
    | 'continued_by_key'
  > {
  readonly provider: ProviderName | null;
  /** Null when payloads are not stored. */
  readonly message: ChatMessage | null;
  readonly parts: readonly unknown[] | null;
  /** The tool messages with the server's answers, in the order in which they came. */
  readonly results: readonly ChatMessage[];
  readonly continuation: readonly ChatMessage[] | null;
  /** How many messages the request shares with that of the turn before. They are left out here. */
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
  /** The run whose tool call this run answers. */
  readonly parent_log_id: string | null;
  readonly takeovers: number;
  /** True: a process that takes the run over must only end it. */
  readonly is_cancelled: boolean;
}

/** The options of a call. Another process needs them to go on with the run. */
export interface StoredCallOptions extends ServerCallOptions {
  /** True: the vendors' answers are requested as streams. */
  readonly stream?: boolean;
  /** The vendors whose keys came with the call. The keys themselves are never stored. */
  readonly own_keys?: readonly string[];
  /** The options of a call of a prompt. */
  readonly samples?: number;
  readonly logprobs?: number;
  readonly suffix?: string;
}

/** Options of calls that the server makes itself. A request cannot ask for them. */
export interface ServerCallOptions {
  /** Tool calls are answered with the results that another log has. */
  readonly recorded?: RecordedTools;
  /**
   * How calls of the client's tools are answered in place of a client. Absent: the run waits for the
   * client.
   */
  readonly client_tools?: ClientTools;
}

/**
 * The results of the client's tools, by the names of the tools. A call of any other tool of the client
 * ends the run as a stop tool does.
 */
export type ClientTools = Readonly<
  Record<string, { readonly output?: string | null; readonly error?: string | null }>
>;

/** Where the results of tool calls come from in place of the tools. */
export interface RecordedTools {
  /** The log of an earlier run, whose results are given again. */
  readonly log_id: string;
  /**
   * What a call does for which that log has no result: `fail` ends the run with an error, `stop`
   * ends it as a stop tool does, `live` runs the tool.
   */
  readonly on_miss: 'fail' | 'stop' | 'live';
}

/** A log with its turns and its run. */
export interface LogView {
  readonly record: LogRecord;
  /** In order; empty for a log without model calls of the server. */
  readonly turns: readonly TurnRecord[];
  /** Null when the log has no run, or its run has ended. */
  readonly run: RunRecord | null;
}

/** A log as its row is: without its payloads if `save` is false. */
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
