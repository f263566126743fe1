import type { FileVersion } from '../../files/file-version.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import type { RunEvent } from '../../runtime/events/run-event.ts';
import { type LogContext, logBody } from '../../wire/log.ts';
import { sampleBody, samplesBody } from '../../wire/samples.ts';

/** The answer to a call of a prompt: its log, with an entry for each sample. */
export function promptCallBody(log: VersionedLog, context: LogContext): Record<string, unknown> {
  return { ...logBody(log, context), logs: samplesBody(log.view) };
}

/**
 * The body of an event in the stream of a prompt: a piece of a sample, or a finished sample without
 * its text. `output` is always text to append. Undefined for events that the stream does not have.
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
