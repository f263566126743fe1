import { type ReactNode, useState } from 'react';
import { sendJson } from '../../api/client.ts';
import type { FileResponse } from '../../api/types.ts';
import { useDeployments } from '../../deploy/use-deployments.ts';
import { deployTo } from '../../editor/commit/commit-version.ts';
import { noVersionFaults, versionFaultsOf } from '../../editor/commit/version-faults.ts';
import { collectionOf } from '../../files/kind-of-id.ts';
import { versionLabel } from '../../files/version-code.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { queryClient } from '../../query/query-client.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { toast } from '../../ui/toasts.tsx';

/** Shows what changes, asks what the version is to be called, and where it goes. */
export function CommitFieldsDialog({
  version,
  body,
  onRefused,
  onCommitted,
  onClose,
  children,
}: {
  /** The one that was changed. */
  readonly version: FileResponse;
  /** What is stored. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly onRefused?: (error: unknown) => void;
  readonly onCommitted: (version: FileResponse) => void;
  readonly onClose: () => void;
  /** What changes. */
  readonly children: ReactNode;
}) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [faults, setFaults] = useState(noVersionFaults);
  const { data: deployments = [] } = useDeployments(version.id);
  const commit = async () => {
    setFaults(noVersionFaults);
    const committed = await sendJson<FileResponse>('POST', `/v5/${collectionOf(version.id)}`, {
      ...body,
      id: version.id,
      ...(name.trim() && { version_name: name.trim() }),
      ...(description.trim() && { version_description: description.trim() }),
    }).catch((error: unknown) => {
      const found = versionFaultsOf(error);
      setFaults(found);
      if (!found.isAtFields) onRefused?.(error);
      throw error;
    });
    try {
      const where = deployments.filter(({ environment }) => chosen.has(environment.id));
      await deployTo(committed, where);
      const names = where.map(({ environment }) => environment.name).join(' and ');
      toast(`Committed ${versionLabel(committed)}${names && `, and deployed to ${names}`}`);
    } catch (error) {
      toast(`Committed, but not deployed: ${(error as Error).message}`, { look: 'alarm' });
    }
    onCommitted(committed);
    await queryClient.invalidateQueries({ queryKey: ['file', version.id] });
    await queryClient.invalidateQueries({ queryKey: ['directory'] });
  };
  return (
    <FormDialog
      title="Commit"
      action="Commit"
      saysAtFields={faults.isAtFields}
      onSend={commit}
      onClose={onClose}
    >
      <section
        aria-label="What changes"
        tabIndex={0}
        className="max-h-80 min-w-0 overflow-y-auto rounded-lg border border-line p-3 -outline-offset-2"
      >
        {children}
      </section>
      <Field label="Name" hint="May be left out." fault={faults.name}>
        {(attributes) => (
          <Input {...attributes} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
      <Field label="Description" hint="What is different, and why." fault={faults.description}>
        {(attributes) => (
          <TextArea
            {...attributes}
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
