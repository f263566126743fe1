import type { Generated, GeneratedAlways } from 'kysely';
import type { Timestamp } from '../kernel/clock.ts';

/**
 * The type of every table, as the driver returns it: moments are ISO texts in UTC, bigint is a
 * number, json and jsonb are parsed values. The migrations explain the columns.
 */
export interface Tables {
  secret_key: { id: Buffer; first_used_at: Generated<Timestamp> };
  organization: { id: string; name: string; created_at: Generated<Timestamp> };
  member: {
    organization_id: string;
    id: string;
    email_address: string;
    full_name: string | null;
    role: Generated<'owner' | 'admin' | 'editor' | 'viewer'>;
    status: Generated<'system' | 'invited' | 'imported' | 'active' | 'removed'>;
    password: Generated<string | null>;
    appearance: Generated<'system' | 'light' | 'dark' | null>;
    last_seen_at: Generated<Timestamp | null>;
    created_at: Generated<Timestamp>;
  };
  api_key: {
    organization_id: string;
    id: string;
    member_id: string;
    name: string;
    hash: Buffer;
    hint: string;
    origin: 'made' | 'environment';
    scopes: Generated<readonly ('run' | 'read' | 'write' | 'admin')[]>;
    first_id: Generated<string | null>;
    created_by: Generated<string | null>;
    created_at: Generated<Timestamp>;
    last_used_at: Generated<Timestamp | null>;
    expires_at: Timestamp | null;
    revoked_at: Timestamp | null;
  };
  session: {
    organization_id: string;
    id: string;
    member_id: string;
    hash: Buffer;
    user_agent: string | null;
    created_at: Generated<Timestamp>;
    last_seen_at: Generated<Timestamp>;
  };
  sign_in_try: { subject: Buffer; tries: number; last_at: Timestamp; next_at: Timestamp };
  account_link: {
    organization_id: string;
    id: string;
    purpose: 'setup' | 'invitation' | 'reset';
    member_id: string | null;
    hash: Buffer;
    created_at: Generated<Timestamp>;
    expires_at: Timestamp;
  };
  environment: {
    organization_id: string;
    id: string;
    name: string;
    tag: 'default' | 'other';
    deployers: Generated<'editors' | 'admins'>;
    created_at: Generated<Timestamp>;
  };
  directory: {
    organization_id: string;
    id: string;
    parent_id: string | null;
    name: string;
    path: string;
    created_at: Generated<Timestamp>;
    updated_at: Generated<Timestamp>;
  };
  file: {
    organization_id: string;
    id: string;
    type: string;
    /** Null only in a deleted file. */
    directory_id: string | null;
    name: string;
    path: string;
    description: string | null;
    tags: Generated<string[]>;
    readme: string | null;
    created_by: string | null;
    created_at: Generated<Timestamp>;
    updated_at: Generated<Timestamp>;
    deleted_at: Timestamp | null;
  };
  version: {
    organization_id: string;
    id: string;
    file_id: string;
    spec: unknown;
    fingerprint: string;
    name: string | null;
    description: string | null;
    created_by: string | null;
    created_at: Generated<Timestamp>;
    updated_at: Generated<Timestamp>;
    deleted_at: Timestamp | null;
    number: GeneratedAlways<number>;
  };
  deployment: {
    organization_id: string;
    file_id: string;
    environment_id: string;
    version_id: string;
    deployed_at: Generated<Timestamp>;
    deployed_by: Generated<string | null>;
  };
  datapoint: {
    organization_id: string;
    id: string;
    file_id: string;
    inputs: unknown;
    messages: unknown;
    target: unknown;
    created_at: Generated<Timestamp>;
  };
  version_link: {
    organization_id: string;
    version_id: string;
    position: number;
    datapoint_id: string;
  };
  monitoring_evaluator: {
    organization_id: string;
    id: string;
    file_id: string;
    evaluator_id: string;
    version_id: string | null;
    environment_id: string | null;
    state: 'active' | 'inactive';
    sample_rate: Generated<number>;
    created_at: Generated<Timestamp>;
    updated_at: Generated<Timestamp>;
  };
  tool_variable: {
    organization_id: string;
    id: string;
    file_id: string;
    name: string;
    sealed_value: Buffer;
    created_at: Generated<Timestamp>;
    updated_at: Generated<Timestamp>;
  };
  custom_endpoint: {
    organization_id: string;
    name: string;
    base_url: string;
    sealed_secrets: Buffer | null;
    has_key: boolean;
    header_names: string[];
    quirks: unknown;
    set_by: string | null;
    created_at: Generated<Timestamp>;
    set_at: Generated<Timestamp>;
  };
  provider_key: {
    organization_id: string;
    provider: string;
    sealed_key: Buffer;
    endpoint: string | null;
    hint: string | null;
    set_by: string | null;
    set_at: Generated<Timestamp>;
  };
  log: LogTable;
  log_count: {
    organization_id: string;
    file_id: string;
    version_id: string;
    logs_count: number;
    logs_made: number;
    last_used_at: Timestamp;
  };
  log_feed: {
    organization_id: string;
    number: GeneratedAlways<number>;
    file_id: string;
    version_id: string;
    type: string;
    change: 'made' | 'changed' | 'deleted';
    was_complete: boolean;
    is_complete: boolean;
    log_ids: string[];
    used_at: Timestamp | null;
    tries: Generated<number>;
    retry_at: Timestamp | null;
    content_changed: Generated<boolean>;
  };
  log_open: {
    organization_id: string;
    file_id: string;
    log_id: string;
  };
  log_unsearched: {
    organization_id: string;
    file_id: string;
    number: GeneratedAlways<number>;
    log_ids: string[];
  };
  log_search: {
    organization_id: string;
    log_id: string;
    file_id: string;
    said: string;
    metadata: string | null;
  };
  turn: TurnTable;
  run: RunTable;
  evaluation: {
    organization_id: string;
    id: string;
    file_id: string | null;
    name: string | null;
    created_by: string | null;
    created_at: Generated<Timestamp>;
    updated_at: Generated<Timestamp>;
    deleted_at: Timestamp | null;
  };
  evaluation_evaluator: {
    organization_id: string;
    evaluation_id: string;
    evaluator_version_id: string;
    evaluator_id: string;
    orchestrated: boolean;
    is_always_awaited: boolean;
    number: GeneratedAlways<number>;
    added_at: Generated<Timestamp>;
  };
  evaluation_run: {
    organization_id: string;
    id: string;
    file_id: string | null;
    version_id: string | null;
    dataset_version_id: string | null;
    orchestrated: boolean;
    status: 'pending' | 'running' | 'completed' | 'cancelled';
    name: string | null;
    metadata: unknown;
    options: Generated<unknown>;
    error: string | null;
    is_closed: Generated<boolean>;
    api_key_id: string | null;
    created_by: string | null;
    created_at: Generated<Timestamp>;
    ended_at: Timestamp | null;
  };
  evaluation_member: {
    organization_id: string;
    evaluation_id: string;
    run_id: string;
    is_control: Generated<boolean>;
    number: GeneratedAlways<number>;
    added_at: Generated<Timestamp>;
  };
  evaluation_slot: {
    organization_id: string;
    run_id: string;
    position: number;
    trial: Generated<number>;
    datapoint_id: string | null;
    content_hash: Generated<string | null>;
    state: Generated<'empty' | 'started' | 'ready'>;
    log_id: string | null;
    origin: 'generated' | 'run_id' | 'datapoint' | 'adopted' | 'added' | 'existing' | null;
    replayed_log_id: string | null;
    filled_at: Timestamp | null;
    lease_owner: string | null;
    lease_token: Generated<number>;
    lease_expires_at: Timestamp | null;
  };
  judgment: {
    organization_id: string;
    log_id: string;
    evaluator_version_id: string;
    judge: Generated<string>;
    evaluator_id: string;
    evaluator_log_id: string;
    file_id: string;
    version_id: string;
    is_traffic: boolean;
    outcome: 'judged' | 'null' | 'error';
    value: number | null;
    options: string[] | null;
    cost: number | null;
    latency: number | null;
    is_current: Generated<boolean>;
    datapoint_id: string | null;
    log_created_at: Timestamp;
    judged_at: Timestamp;
    written_at: Generated<Timestamp>;
  };
  judgment_task: {
    organization_id: string;
    log_id: string;
    evaluator_version_id: string;
    for_run: boolean;
    for_monitoring: boolean;
    due_at: Timestamp;
    lease_owner: string | null;
    lease_token: Generated<number>;
    attempts: Generated<number>;
  };
  judgment_backlog: {
    organization_id: string;
    evaluator_id: string;
    created_at: Timestamp | null;
    log_id: string | null;
    added_at: Generated<Timestamp>;
    due_at: Generated<Timestamp>;
  };
  evaluation_run_stats: {
    organization_id: string;
    run_id: string;
    evaluation_id: string;
    reservation: string;
    stats: unknown;
  };
  review_reservation: {
    organization_id: string;
    log_id: string;
    evaluator_id: string;
    member_id: string;
    expires_at: Timestamp;
  };
  review_skip: {
    organization_id: string;
    log_id: string;
    evaluator_id: string;
    member_id: string;
    skipped_at: Generated<Timestamp>;
  };
  idempotency_key: {
    organization_id: string;
    key: string;
    sealed_request: Buffer | null;
    log_id: string | null;
    events_before: number | null;
    sealed_answer: Buffer | null;
    created_at: Generated<Timestamp>;
  };
}

export interface LogTable {
  organization_id: string;
  id: string;
  type: string;
  file_id: string;
  version_id: string;
  trace_id: string | null;
  trace_parent_id: string | null;
  trace_flow_id: string | null;
  tool_call_id: string | null;
  created_at: Timestamp;
  start_time: Timestamp | null;
  end_time: Timestamp | null;
  provider_latency: number | null;
  log_status: 'complete' | 'incomplete' | null;
  /** How its run ended; null while that has not, and for a log that had none. */
  ended_as:
    | 'finished'
    | 'failed'
    | 'cancelled'
    | 'timed_out'
    | 'given_up'
    | 'interrupted'
    | 'not_resumable'
    | 'broken'
    | 'closed'
    | 'expired'
    | 'superseded'
    | null;
  environment: string | null;
  user: string | null;
  source: string | null;
  source_datapoint_id: string | null;
  save: boolean;
  request_fingerprint: string | null;
  api_key_id: string | null;
  prompt_tokens: number | null;
  reasoning_tokens: number | null;
  output_tokens: number | null;
  prompt_cost: number | null;
  output_cost: number | null;
  finish_reason: string | null;
  inputs: unknown;
  messages: unknown;
  messages_replaced: Generated<boolean>;
  tool_choice: unknown;
  output: string | null;
  output_message: unknown;
  error: string | null;
  stdout: string | null;
  metadata: unknown;
  provider_request: unknown;
  provider_response: unknown;
  parent_id: string | null;
  judgment: unknown;
  marked_completed: boolean | null;
  /** The log that this one was forked from; it may have been deleted. */
  forked_from_id: string | null;
  /** The first turn that was not taken from that log. */
  forked_from_turn: number | null;
}

export interface TurnTable {
  organization_id: string;
  log_id: string;
  number: number;
  started_at: Timestamp;
  first_token_at: Timestamp | null;
  ended_at: Timestamp;
  /**
   * The model that answered; null when none did, and in turns that were written before fallbacks
   * existed.
   */
  provider: string | null;
  model: string | null;
  finish_reason: string | null;
  /** Why the model call failed; null when it succeeded. */
  error: string | null;
  input_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  prompt_cost: number | null;
  output_cost: number | null;
  price_table: string | null;
  message: unknown;
  parts: unknown;
  results: Generated<unknown>;
  continuation: unknown;
  provider_request: unknown;
  shared_messages: Generated<number>;
  provider_response: unknown;
  /** When a client continued the run after this turn, which member, and with which API key. */
  continued_at: Generated<Timestamp | null>;
  continued_by: Generated<string | null>;
  continued_by_key: Generated<string | null>;
}

export interface RunTable {
  organization_id: string;
  log_id: string;
  state: 'running' | 'suspended' | 'interrupted';
  lease_owner: string | null;
  lease_token: Generated<number>;
  lease_expires_at: Timestamp | null;
  iterations: Generated<number>;
  event_count: Generated<number>;
  continue_fingerprint: string | null;
  sealed_conversation: Buffer | null;
  suspended_at: Timestamp | null;
  keep_open: Generated<boolean>;
  options: unknown;
  parent_log_id: string | null;
  takeovers: Generated<number>;
  is_cancelled: Generated<boolean>;
}
