import { type FormEvent, useState } from 'react';
import type { ProviderTrial } from '../../api/types.ts';
import { useSend } from '../../forms/use-send.ts';
import { Failure } from '../../loading/failure.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { TrialResult } from './trial-result.tsx';

/** Makes one cheap call, and shows how it went, in the words of the vendor. */
export function TrialDialog({
  name,
  needsModel,
  onTest,
  onClose,
}: {
  readonly name: string;
  /** Whether a model must be named. */
  readonly needsModel: boolean;
  readonly onTest: (model: string) => Promise<ProviderTrial>;
  readonly onClose: () => void;
}) {
  const [model, setModel] = useState('');
  const [trial, setTrial] = useState<ProviderTrial>();
  const { isBusy, error, send } = useSend();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTrial(undefined);
    void send(async () => setTrial(await onTest(model.trim())));
  };
  return (
    <Dialog title={`Test ${name}`} onClose={onClose} className="max-w-120">
      <form onSubmit={submit} className="grid min-h-0 gap-3.5 overflow-y-auto p-4">
        <p className="text-fg-2">
          One call of a few tokens, with the key that the next run would use. It writes no log.
        </p>
        <Field
          label="Model"
          hint={needsModel ? undefined : 'Leave it empty for a small one of this provider.'}
        >
          {(attributes) => (
            <Input
              {...attributes}
              value={model}
              onChange={({ target }) => setModel(target.value)}
              required={needsModel}
              maxLength={500}
              autoComplete="off"
              autoFocus
              className="font-mono"
            />
          )}
        </Field>
        {trial && <TrialResult trial={trial} />}
        {error !== undefined && <Failure error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button look="primary" type="submit" aria-disabled={isBusy}>
            {isBusy ? 'Calling…' : 'Make the call'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
