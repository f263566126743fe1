import type { Caller } from '../../accounts/callers.ts';
import { csvRow } from '../../kernel/csv.ts';
import { messagesOfLog } from '../../logs/conversation.ts';
import { stateOf } from '../../logs/log-state.ts';
import { textOf } from '../../logs/message-text.ts';
import { usageOfLog } from '../../logs/totals.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { logBodies } from '../../wire/log-bodies.ts';

type Workspace = Caller['workspace'];
type Groups = AsyncIterable<readonly VersionedLog[]>;

/** How exported logs are written. */
export interface ExportForm {
  readonly contentType: string;
  readonly fileName: string;
  /** The text of the file, in pieces. */
  write(workspace: Workspace, groups: Groups): AsyncGenerator<string>;
}

export const exportForms: Readonly<Record<'jsonl' | 'csv', ExportForm>> = {
  jsonl: {
    contentType: 'application/x-ndjson; charset=utf-8',
    fileName: 'logs.jsonl',
    write: lines,
  },
  csv: { contentType: 'text/csv; charset=utf-8', fileName: 'logs.csv', write: rows },
};

/** Logs as answers show them, one a line, without the logs below them. */
async function* lines(workspace: Workspace, groups: Groups): AsyncGenerator<string> {
  for await (const logs of groups) {
    const bodies = await logBodies(workspace, logs, { withTrace: false });
    yield bodies.map((body) => `${JSON.stringify(body)}\n`).join('');
  }
}

async function* rows(_: Workspace, groups: Groups): AsyncGenerator<string> {
  yield csvRow(Object.keys(columns));
  for await (const logs of groups) {
    yield logs.map((log) => csvRow(Object.values(columns).map((read) => read(log)))).join('');
  }
}

type Cell = string | number | null;

const columns: Readonly<Record<string, (log: VersionedLog) => Cell>> = {
  id: ({ view }) => view.record.id,
  created_at: ({ view }) => view.record.created_at,
  type: ({ view }) => view.record.type,
  path: ({ version }) => version.path,
  version_id: ({ version }) => version.versionId,
  status: ({ view: { record, run } }) => stateOf({ ...record, run_state: run?.state ?? null }),
  environment: ({ view }) => view.record.environment,
  user: ({ view }) => view.record.user,
  source: ({ view }) => view.record.source,
  start_time: ({ view }) => view.record.start_time,
  end_time: ({ view }) => view.record.end_time,
  provider_latency: ({ view }) => view.record.provider_latency,
  prompt_tokens: ({ view }) => usageOfLog(view).prompt_tokens,
  output_tokens: ({ view }) => usageOfLog(view).output_tokens,
  prompt_cost: ({ view }) => usageOfLog(view).prompt_cost,
  output_cost: ({ view }) => usageOfLog(view).output_cost,
  finish_reason: ({ view }) => view.record.finish_reason,
  inputs: ({ view }) => asJson(view.record.inputs),
  messages: ({ view }) => asJson(messagesOfLog(view)),
  output: ({ view: { record } }) =>
    record.output ?? (record.output_message && textOf(record.output_message)),
  error: ({ view }) => view.record.error,
  metadata: ({ view }) => asJson(view.record.metadata),
};

function asJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
