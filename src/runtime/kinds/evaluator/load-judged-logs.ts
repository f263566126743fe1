import type { Workspace } from '../../../database/workspace.ts';
import { readableBatches } from '../../../kernel/readable-batches.ts';
import type { LogView } from '../../../logs/log-record.ts';
import { logSizes } from '../../../logs/size-queries.ts';
import { findVersionedLogs } from '../../../logs/versioned-log.ts';
import { type LogContext, logBody } from '../../../wire/log.ts';
import { logBodies } from '../../../wire/log-bodies.ts';
import { type JudgedLog, withChildren } from './judged-log.ts';
import { listToolCalls } from './judged-tool-calls.ts';
import { type JudgedTotals, sumTotals } from './judged-totals.ts';
import { shortenLog } from './shorten-log.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Loads logs as evaluators see them, by id. Logs that do not exist, or whose file was deleted, are
 * left out. They are read in groups that fit into memory: what evaluators see is a few MB of each,
 * however large it is.
 */
export async function loadJudgedLogs(
  workspace: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JudgedLog>> {
  const found = new Map<string, JudgedLog>();
  const sizes = await logSizes(workspace, ids, { withTrace: true });
  for (const group of readableBatches(sizes)) {
    for (const log of await loadGroup(workspace, group)) found.set(String(log['id']), log);
  }
  return found;
}

async function loadGroup(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly JudgedLog[]> {
  const logs = await findVersionedLogs(workspace, ids);
  return logBodies(
    workspace,
    logs.filter(({ version }) => !version.isFileDeleted),
    {
      withTrace: true,
      withJudgments: false,
      rawTurns: true,
      write: (log, context) => {
        const judged = judgedForm(log.view, logBody(log, context), context).log;
        // The logs below it are too large to be read.
        if (context.trace?.get(log.view.record.id) === null) judged['truncated'] = true;
        return shortenLog(judged);
      },
    },
  );
}

interface Judged {
  readonly log: JudgedLog;
  readonly totals: JudgedTotals;
}

/** @param body of the log, with its `trace_children`. */
function judgedForm(view: LogView, body: Fields, context: LogContext, depth = 0): Judged {
  const bodiesBelow = new Map(
    ((body['trace_children'] ?? []) as readonly Fields[]).map((child) => [child['id'], child]),
  );
  const children = (context.trace?.get(view.record.id) ?? []).flatMap((child) => {
    const childBody = bodiesBelow.get(child.record.id);
    return childBody ? [judgedForm(child, childBody, context, depth + 1)] : [];
  });
  const toolCalls = listToolCalls(view, context, { isJudged: depth === 0 });
  const totals = sumTotals(
    view,
    children.map((child) => child.totals),
  );
  const log = withChildren(
    {
      ...(depth === 0 ? body : withoutRawBodies(body)),
      evaluator_logs: [],
      tool_calls: toolCalls,
      totals: { ...totals, tool_calls: toolCalls.length },
    },
    children.map((child) => child.log),
  );
  return { log, totals };
}

function withoutRawBodies(body: Fields): Fields {
  const { turns } = body;
  const none = { provider_request: null, provider_response: null };
  return {
    ...body,
    ...none,
    ...(Array.isArray(turns) ? { turns: turns.map((turn) => ({ ...turn, ...none })) } : {}),
  };
}
