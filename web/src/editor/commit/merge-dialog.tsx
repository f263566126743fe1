import { useMemo, useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { TextDiff } from '../../diff/text-diff.tsx';
import { versionLabel } from '../../files/version-code.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { SpecDiff } from '../../version-diff/spec-diff.tsx';
import type { Edited } from '../draft/use-draft.ts';
import { fieldLabels, fieldText } from '../spec/field-text.ts';
import { merge } from '../spec/merge.ts';
import { bodyOf, type FieldName, fieldOf, type Spec, specOf, withField } from '../spec/spec.ts';

/** Somebody committed a version while this draft was written: shows both, and makes one of them, field by field. */
export function MergeDialog({
  edited: { base, spec: mine },
  theirs: version,
  onMerged,
  onClose,
}: {
  readonly edited: Edited;
  readonly theirs: FileResponse;
  readonly onMerged: (spec: Spec) => void;
  readonly onClose: () => void;
}) {
  const theirs = useMemo(() => specOf(version), [version]);
  const { merged, conflicts } = useMemo(() => merge(base, mine, theirs), [base, mine, theirs]);
  const [taken, setTaken] = useState<ReadonlySet<FieldName>>(new Set());
  const label = versionLabel(version);
  return (
    <FormDialog
      title={`Merge with ${label}`}
      action="Merge"
      onClose={onClose}
      onSend={async () =>
        onMerged(
          conflicts
            .filter((name) => taken.has(name))
            .reduce((spec, name) => withField(spec, name, fieldOf(theirs, name)), merged),
        )
      }
    >
      <section className="grid min-w-0 gap-2">
        <h3 className="font-medium">What {label} changed</h3>
        <Diff label={`Changes of ${label}`} before={base} after={theirs} />
      </section>
      <section className="grid min-w-0 gap-2">
        <h3 className="font-medium">What you changed</h3>
        <Diff label="Your changes" before={base} after={mine} />
      </section>
      {conflicts.length === 0 ? (
        <p className="text-fg-2">You changed other fields. The merged draft has all changes.</p>
      ) : (
        conflicts.map((name) => (
          <div key={name} className="grid gap-2 border-t border-line pt-3">
            <RadioGroup
              label={`Both changed: ${fieldLabels[name]}`}
              value={taken.has(name) ? 'theirs' : 'mine'}
              onChange={(side) => {
                const next = new Set(taken);
                if (side === 'theirs') next.add(name);
                else next.delete(name);
                setTaken(next);
              }}
              options={[
                { value: 'mine', name: 'Keep yours' },
                { value: 'theirs', name: 'Take theirs' },
              ]}
            />
            <p
              tabIndex={0}
              role="region"
              aria-label={`${fieldLabels[name]}: yours, and theirs`}
              className="max-h-40 overflow-y-auto rounded-md border border-line bg-sunken px-2.5 py-2 text-xs break-words whitespace-pre-wrap"
            >
              <TextDiff before={fieldText(mine, name)} after={fieldText(theirs, name)} />
            </p>
          </div>
        ))
      )}
    </FormDialog>
  );
}

function Diff({
  label,
  before,
  after,
}: {
  readonly label: string;
  readonly before: Spec;
  readonly after: Spec;
}) {
  return (
    <div tabIndex={0} role="region" aria-label={label} className="max-h-48 min-w-0 overflow-y-auto">
      <SpecDiff kind={after.kind} before={bodyOf(before)} after={bodyOf(after)} />
    </div>
  );
}
