import { useState } from 'react';
import type { ProviderTrial } from '../../api/types.ts';
import { EntryForm } from '../../session/entry-form.tsx';
import { EntryPage } from '../../session/entry-page.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { type GivenKey, ProviderKeyFields } from '../providers/provider-key-fields.tsx';
import { setProviderKey, testVendor } from '../providers/provider-queries.ts';
import { TrialResult } from '../providers/trial-result.tsx';
import { vendorNames, vendors } from '../providers/vendors.ts';

const choices = vendorNames.map((value) => ({ value, name: vendors[value].name }));

/** The first key of a model provider. The example agent needs none, so it can come later. */
export function FirstProviderStep({ onDone }: { readonly onDone: () => void }) {
  const [vendor, setVendor] = useState<(typeof vendorNames)[number]>('openai');
  const [given, setGiven] = useState<GivenKey>({ key: '', endpoint: '' });
  const [trial, setTrial] = useState<ProviderTrial>();
  const save = async () => {
    setTrial(undefined);
    await setProviderKey(vendor, given.key, given.endpoint);
    if (vendors[vendor].hasOwnModels) onDone();
    else setTrial(await testVendor(vendor, ''));
  };
  return (
    <EntryPage title="A key of a model provider" step={[3, 3]}>
      <p className="text-fg-2">
        Agents call models with it. The example agent needs none, and Settings › Providers takes
        more.
      </p>
      <EntryForm action="Save and test the key" onSend={save}>
        <Field label="Provider">
          {(attributes) => (
            <Select {...attributes} value={vendor} choices={choices} onChange={setVendor} />
          )}
        </Field>
        <ProviderKeyFields vendor={vendor} given={given} onChange={setGiven} />
        {trial && <TrialResult trial={trial} />}
      </EntryForm>
      <Button look={trial?.ok ? 'primary' : 'plain'} onClick={onDone} className="h-8">
        {trial ? 'Go to Home' : 'Later'}
      </Button>
    </EntryPage>
  );
}
