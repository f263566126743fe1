import type { LogResponse } from '../../api/types.ts';
import { ValueView } from '../values/value-view.tsx';

/** A log in which nobody spoke, such as that of a tool or a flow: what went in, and what came out. */
export function PlainLog({ log }: { readonly log: LogResponse }) {
  const { inputs, output, error, stdout } = log;
  const judgment = 'judgment' in log ? log.judgment : undefined;
  const hasInputs = inputs !== null && Object.keys(inputs).length > 0;
  return (
    <section
      tabIndex={0}
      aria-label="Input and output"
      className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2"
    >
      <div className="mx-auto grid max-w-170 gap-3">
        <ValueView label="Input" value={hasInputs ? inputs : undefined} empty="No inputs" />
        {judgment !== undefined && judgment !== null && (
          <ValueView label="Judgment" value={judgment} />
        )}
        <ValueView label="Output" value={output} empty={error ? 'None' : 'Nothing yet'} />
        {error && <ValueView label="Error" value={error} />}
        {stdout && <ValueView label="Printed" value={stdout} />}
      </div>
    </section>
  );
}
