import type { FileVersion } from '../../../files/file-version.ts';
import type { Happening, RunEvent } from '../../../runtime/events/run-event.ts';
import type { StreamForm } from '../../server/event-stream.ts';
import { at } from './files.ts';

/** The events of a stream, and the number of the first. */
interface StreamContent {
  readonly logId: string;
  readonly version: FileVersion;
  readonly firstNumber: number;
  readonly happenings: readonly Happening[];
  readonly form: StreamForm;
}

/** The text of a stream. */
export function streamText(
  { logId, version, firstNumber, happenings, form }: StreamContent,
  body: (event: RunEvent) => unknown,
): string {
  const events = happenings.map((happening, index) => {
    const number = firstNumber + index;
    const event = { ...happening, number, at: at('10:00:02'), logId, version };
    return form.event({ number, body: body(event) });
  });
  return events.join('') + form.end.done;
}
