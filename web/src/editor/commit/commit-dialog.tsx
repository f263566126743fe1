import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { useDeployments } from '../../deploy/use-deployments.ts';
import { versionLabel } from '../../files/version-code.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { toast } from '../../ui/toasts.tsx';
import { SpecDiff } from '../../version-diff/spec-diff.tsx';
import type { Edited } from '../draft/use-draft.ts';
import type { Faults } from '../form/faults.ts';
import { changesInShort } from '../spec/field-changes.ts';
import { bodyOf } from '../spec/spec.ts';
import { commitVersion, deployTo } from './commit-version.ts';
import { SameVersionNote } from './same-version-note.tsx';
import { noVersionFaults, versionFaultsOf } from './version-faults.ts';

/** Shows what has changed, asks what the version is to be called, and where it goes. */
export function CommitDialog({
  edited,
  onFaults,
  onCommitted,
  onClose,
}: {
  readonly edited: Edited;
  /** Told what the server refuses, for the fields. */
  readonly onFaults: (faults: Faults) => void;
  readonly onCommitted: (version: FileResponse) => void;
  readonly onClose: () => void;
}) {
  const { version, base, spec, discard, news } = edited;
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [faults, setFaults] = useState(noVersionFaults);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { data: deployments = [] } = useDeployments(version.id);
  const cache = useQueryClient();
  const inShort = changesInShort(base, spec);
  const send = async () => {
    setFaults(noVersionFaults);
    const committed = await commitVersion(version.id, spec, {
      name,
      // So that the history says something, whoever is in a hurry.
      description: description.trim() || inShort,
    }).catch((error: unknown) => {
      const found = versionFaultsOf(error);
      setFaults(found);
      onFaults(found.others);
      throw error;
    });
    discard();
    try {
      const where = deployments.filter(({ environment }) => chosen.has(environment.id));
      await deployTo(committed, where);
      const names = where.map(({ environment }) => environment.name).join(' and ');
      toast(`Committed ${versionLabel(committed)}${names && `, and deployed to ${names}`}`);
    } catch (error) {
      toast(`Committed, but not deployed: ${(error as Error).message}`, { look: 'alarm' });
    }
    onCommitted(committed);
    await cache.invalidateQueries({ queryKey: ['file', version.id] });
    await cache.invalidateQueries({ queryKey: ['directory'] });
  };
  return (
    <FormDialog
      title="Commit"
      action="Commit"
      saysAtFields={faults.isAtFields}
      onSend={send}
      onClose={onClose}
    >
      {news && (
        <p className="rounded-lg border border-warn-line bg-warn-soft px-3 py-2 text-xs">
          Somebody else has committed {versionLabel(news)} meanwhile. Yours will not have its
          changes unless you merge them first.
        </p>
      )}
      <SameVersionNote {...{ version, base, spec }} />
      <section aria-label="What changes" tabIndex={0} className="max-h-80 min-w-0 overflow-y-auto">
        <SpecDiff kind={spec.kind} before={bodyOf(base)} after={bodyOf(spec)} />
      </section>
      <Field label="Name" hint="May be left out." fault={faults.name}>
        {(attributes) => (
          <Input {...attributes} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field label="Description" fault={faults.description}>
        {(attributes) => (
          <TextArea
            {...attributes}
            placeholder={inShort}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        )}
      </Field>
      <fieldset className="grid">
        <legend className="mb-1 text-xs font-medium text-fg-2">And deploy to</legend>
        {deployments.map(({ environment: { id, name: environment }, version: there }) => (
          <Checkbox
            key={id}
            checked={chosen.has(id)}
            onChange={() => setChosen(chosen.symmetricDifference(new Set([id])))}
          >
            {environment}
            <span className="text-xs text-fg-3">
              {there ? `in place of ${versionLabel(there)}` : 'nothing is there yet'}
            </span>
          </Checkbox>
        ))}
      </fieldset>
    </FormDialog>
  );
}
