import { useMemo, useState } from 'react';
import { versionLabel } from '../../files/version-code.ts';
import { goToUnread } from '../../forms/unread.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { Edited } from '../draft/use-draft.ts';
import type { InputTexts } from '../run/inputs.ts';
import { useUnknownVariables } from '../run/use-unknown-variables.ts';
import { ToolList } from '../tools/tool-list.tsx';
import { type Faults, noFaults, placeText } from './faults.ts';
import { FormContext } from './form-context.ts';
import { Instructions } from './instructions.tsx';
import { ModelFields } from './model-fields.tsx';
import { RawFile } from './raw-file.tsx';

const sides = [
  { value: 'form', name: 'Form' },
  { value: 'raw', name: 'Raw file' },
] as const;

/** What is edited: in fields, or as the text of its file. Both change the same draft. */
export function SpecForm({
  edited,
  faults = noFaults,
  inputs,
}: {
  readonly edited: Edited;
  readonly faults?: Faults;
  /** Of the next run: variables without one are marked. */
  readonly inputs: InputTexts;
}) {
  const { spec, change, version, text } = edited;
  const unknownVariables = useUnknownVariables(spec, inputs);
  const [side, setSide] = useState<'form' | 'raw'>(text === undefined ? 'form' : 'raw');
  const parts = useMemo(
    () => ({ spec, change, faults, unknownVariables }),
    [spec, change, faults, unknownVariables],
  );
  const directory = version.path.split('/').slice(0, -1).join('/');
  return (
    <FormContext value={parts}>
      <div className="@container flex min-h-0 min-w-0 flex-1 flex-col">
        <div
          tabIndex={0}
          role="region"
          aria-label={`Configuration of ${versionLabel(version)}`}
          className="min-h-0 flex-1 overflow-y-auto px-4 py-3 -outline-offset-2"
        >
          <div className="mx-auto grid max-w-190 gap-5">
            <div className="flex items-center justify-between gap-2">
              <h2 className="font-medium">{side === 'form' ? 'Model' : 'Raw file'}</h2>
              <Segments
                label="Edit it as"
                value={side}
                choices={sides}
                onChange={(next) => goToUnread() || setSide(next)}
              />
            </div>
            <OtherFaults faults={faults} />
            {side === 'raw' ? (
              <RawFile edited={edited} />
            ) : (
              <>
                {text !== undefined && <Unreadable onOpen={() => setSide('raw')} />}
                <ModelFields />
                <Instructions />
                <ToolList directory={directory} />
              </>
            )}
          </div>
        </div>
      </div>
    </FormContext>
  );
}

/** All that was refused, with the places: some of it may be folded. */
function OtherFaults({ faults }: { readonly faults: Faults }) {
  const own = [...faults].filter(([place]) => !place.startsWith('inputs'));
  if (own.length === 0) return null;
  return (
    <div role="alert" className="rounded-lg bg-err-soft px-3 py-2 text-xs text-err">
      <ul className="grid gap-0.5">
        {own.map(([place, says]) => (
          <li key={place}>
            {placeText(place)}: {says}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Unreadable({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 rounded-lg border border-warn-line bg-warn-soft px-3 py-2 text-xs"
    >
      <p className="min-w-0 flex-1">
        The raw file cannot be read. These fields are the last state that could; a change of them
        replaces the text.
      </p>
      <Button size="small" onClick={onOpen}>
        Go to the raw file
      </Button>
    </div>
  );
}
