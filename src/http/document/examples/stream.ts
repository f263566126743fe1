import type { FileVersion } from '../../../files/file-queries.ts';
import { encodeSse, SSE_DONE } from '../../../kernel/sse.ts';
import type { Happening, RunEvent } from '../../../runtime/run-event.ts';
import { at } from './files.ts';

/** What a stream tells of, and from which number on. */
interface Told {
  readonly logId: string;
  readonly version: FileVersion;
  readonly firstNumber: number;
  readonly happenings: readonly Happening[];
}

/** The text of a stream. */
export function streamOf(
  { logId, version, firstNumber, happenings }: Told,
  body: (event: RunEvent) => unknown,
): string {
  const events = happenings.map((happening, index) => {
    const number = firstNumber + index;
    return encodeSse(number, body({ ...happening, number, at: at('10:00:02'), logId, version }));
  });
  return events.join('') + SSE_DONE;
}
