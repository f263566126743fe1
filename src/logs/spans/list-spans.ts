import type { Span } from '../../contract/spans.ts';
import { inSnapshot, type Workspace } from '../../database/workspace.ts';
import { decodeCursor, encodeCursor, isId, isMoment } from '../cursor.ts';
import { logNotFound } from '../errors.ts';
import { loadAnsweringLogs, loadLogBones, loadTurnBones, loadTurnCalls } from './bones-queries.ts';
import { callSpans, logSpan, type SpansAround, turnBegunBy, turnSpan } from './span.ts';
import { writeSpanId } from './span-id.ts';
import { findSpanRoot, listSpanPositions, type SpanPosition } from './span-queries.ts';

/** A page of the spans of a trace. */
export interface SpanPage {
  readonly spans: readonly Span[];
  readonly nextCursor: string | null;
  /** The token with which to ask for what changes from now on. */
  readonly changes: string;
  readonly isOpen: boolean;
}

/** Which spans to list. */
export interface SpanPageOptions {
  readonly size: number;
  readonly cursor: string | undefined;
  readonly since: string | undefined;
}

/**
 * A page of the spans of a log and of all logs below it, in the order of their start. A page has the
 * tool calls of its turns beside the spans that `size` counts.
 *
 * @throws `log_not_found` (not_found).
 */
export async function listSpans(
  workspace: Workspace,
  rootId: string,
  { size, cursor, since }: SpanPageOptions,
): Promise<SpanPage> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, readPosition);
  return inSnapshot(workspace, async (workspace) => {
    const root = await findSpanRoot(workspace, rootId);
    if (!root || root.isFileDeleted) throw logNotFound(rootId);
    const window = { rootId, after, since, limit: size + 1 };
    const found = await listSpanPositions(workspace, window);
    const shown = found.slice(0, size);
    const last = shown.at(-1);
    return {
      spans: await spansAt(workspace, rootId, shown),
      nextCursor: last && found.length > size ? writePosition(last) : null,
      changes: root.changes,
      isOpen: root.run_state !== null || root.log_status === 'incomplete',
    };
  });
}

/** The spans at some positions, with the tool calls of their turns. */
async function spansAt(
  workspace: Workspace,
  rootId: string,
  positions: readonly SpanPosition[],
): Promise<readonly Span[]> {
  if (positions.length === 0) return [];
  const logs = await loadLogBones(workspace, distinct(positions.map(({ logId }) => logId)));
  const callers = [...logs.values()].flatMap(({ tool_call_id: call, trace_parent_id: parent }) =>
    call !== null && parent !== null ? [parent] : [],
  );
  const turns = await loadTurnBones(workspace, distinct([...logs.keys(), ...callers]));
  const answers = await loadAnsweringLogs(workspace, [...logs.keys()]);
  const answering = Map.groupBy(answers, ({ trace_parent_id: logId, created_at: made }) =>
    writeSpanId({ logId, turn: turnBegunBy(turns.get(logId) ?? [], made)?.number }),
  );
  const around: SpansAround = { rootId, logs, turns, answering };
  const calls = await loadTurnCalls(
    workspace,
    positions.filter(({ number }) => number > 0),
  );
  const callsOf = new Map(
    calls.map((calls) => [writeSpanId({ logId: calls.log_id, turn: calls.number }), calls]),
  );
  return positions.flatMap(({ logId, number }) => {
    const log = logs.get(logId);
    const turn = turnNumbered(turns.get(logId) ?? [], number);
    if (!log) return [];
    if (!turn) return [logSpan(log, around)];
    const ofTurn = callsOf.get(writeSpanId({ logId, turn: number }));
    return [turnSpan(log, turn), ...callSpans(log, turn, ofTurn, around)];
  });
}

/** Samples that are still awaited leave gaps, in which later ones stand. */
function turnNumbered<Turn extends { readonly number: number }>(
  turns: readonly Turn[],
  number: number,
): Turn | undefined {
  const likely = turns[number - 1];
  return likely?.number === number ? likely : turns.find((turn) => turn.number === number);
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

function writePosition({ at, logId, number }: SpanPosition): string {
  return encodeCursor([at, logId, number]);
}

function readPosition([at, logId, number]: readonly unknown[]): SpanPosition | undefined {
  const isNumber = typeof number === 'number' && Number.isInteger(number) && number >= 0;
  return isMoment(at) && isId(logId) && isNumber && number < 2 ** 31
    ? { at, logId, number }
    : undefined;
}
