import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { defaults } from '../spec/spec.ts';
import { useForm } from './form-context.ts';
import {
  customEndpointsQuery,
  knownModelsQuery,
  usedModelsQuery,
  vendorNames,
} from './model-queries.ts';
import { MoreParameters } from './more-parameters.tsx';
import { NumberField } from './number-field.tsx';
import { ReasoningField } from './reasoning-field.tsx';

/** Which model is called, and how. */
export function ModelFields() {
  const { spec } = useForm();
  return (
    <div className="grid gap-3">
      <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-3">
        <ProviderField />
        <ModelField />
      </div>
      <div className="grid grid-cols-2 gap-3 @2xl:grid-cols-4">
        <NumberField name="temperature" />
        <NumberField name="max_tokens" isWhole />
        <ReasoningField />
        {spec.kind === 'agent' && (
          <NumberField
            name="max_iterations"
            isWhole
            whenLeftOut={`Default (${defaults.max_iterations})`}
          />
        )}
      </div>
      <MoreParameters />
    </div>
  );
}

function ProviderField() {
  const { spec, set, faultAt } = useForm();
  const { data: endpoints = [] } = useQuery(customEndpointsQuery);
  const provider = String(spec.provider ?? defaults.provider);
  const known = [
    ...Object.entries(vendorNames).map(([value, name]) => ({ value, name })),
    ...endpoints.map(({ name }) => ({ value: name })),
  ];
  const choices = known.some(({ value }) => value === provider)
    ? known
    : [{ value: provider, name: `${provider} (unknown here)` }, ...known];
  return (
    <Field label="Provider" fault={faultAt('provider')}>
      {(attributes) => (
        <Select
          {...attributes}
          className="w-full"
          value={provider}
          choices={choices}
          onChange={(value) => set('provider', value === defaults.provider ? undefined : value)}
        />
      )}
    </Field>
  );
}

function ModelField() {
  const { spec, set, faultAt } = useForm();
  const { data: used = [] } = useQuery(usedModelsQuery);
  const { data: known = [] } = useQuery(knownModelsQuery);
  const list = useId();
  const provider = spec.provider ?? defaults.provider;
  // Those that are in use first.
  const suggestions = [
    ...used.filter((one) => one.provider === provider).map(({ model }) => model),
    ...(known.find((one) => one.provider === provider)?.models ?? []),
  ];
  return (
    <Field label="Model" fault={spec.model === '' ? 'Name a model' : faultAt('model')}>
      {(attributes) => (
        <>
          <Input
            {...attributes}
            list={list}
            spellCheck={false}
            autoComplete="off"
            value={spec.model}
            onChange={({ target }) => set('model', target.value)}
          />
          <datalist id={list}>
            {[...new Set(suggestions)].map((model) => (
              <option key={model} value={model} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
