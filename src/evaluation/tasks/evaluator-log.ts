import type { FileVersion } from '../../files/file-version.ts';
import { newId } from '../../kernel/ids.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { rootPlace } from '../../logs/trace.ts';
import type { Verdict } from '../../runtime/kinds/evaluator/verdict.ts';
import type { LockedJudgedLog } from './result-queries.ts';

/** The log of an evaluator that the server ran. */
export function newEvaluatorLog(
  version: FileVersion<'evaluator'>,
  judged: LockedJudgedLog,
  verdict: Verdict,
  source: 'evaluation' | 'monitoring',
): LogRecord {
  const id = newId('log');
  return {
    id,
    type: version.type,
    file_id: version.id,
    version_id: version.versionId,
    ...rootPlace(id, version.type),
    tool_call_id: null,
    created_at: judged.now,
    log_status: 'complete',
    ended_as: null,
    environment: null,
    user: null,
    source,
    source_datapoint_id: judged.sourceDatapointId,
    save: true,
    request_fingerprint: null,
    api_key_id: null,
    messages: null,
    messages_replaced: false,
    tool_choice: null,
    parent_id: judged.id,
    marked_completed: null,
    forked_from_id: null,
    forked_from_turn: null,
    ...verdict,
  };
}
