import type { FileVersion } from '../../files/file-version.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import type { RunEvent } from '../../runtime/events/run-event.ts';
import { type LogContext, logBody } from './log.ts';
import { sampleBody, samplesBody } from './samples.ts';

/** A call of a prompt, as it is answered: the log, and one entry for each sample. */
export function promptCallBody(log: VersionedLog, context: LogContext): Record<string, unknown> {
  return { ...logBody(log, context), logs: samplesBody(log.view) };
}

/**
 * An event of a prompt's call, as its stream carries it: a piece of a sample, or what a sample has
 * beside its text. `output` is always a text, to be added to what came before. Undefined for what a
 * stream does not tell.
 */
export function promptEventBody(event: RunEvent): Record<string, unknown> | undefined {
  const { logId: id, version, at } = event;
  const ids = { id, ...idsOf(version), created_at: at };
  switch (event.type) {
    case 'sample_update':
      return { index: event.index, ...ids, output: event.delta };
    case 'sample_end':
      return { ...sampleBody(event.turn), ...ids, output: '' };
    case 'agent_turn_error':
      return { index: 0, ...ids, output: '', error: event.log.view.record.error };
    case 'error':
      return { index: 0, ...ids, output: '', error: event.message };
    default:
      return undefined;
  }
}

function idsOf(version: FileVersion) {
  return { prompt_id: version.id, version_id: version.versionId };
}
