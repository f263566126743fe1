import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { environmentsQuery } from '../../files/environment-queries.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { type ChangeSearch, type ListSearch, readListSearch } from './list-search.ts';

/** The filters that are written, not chosen; by the names that the address has for them. */
const texts = [
  { name: 'environment', label: 'Environment' },
  { name: 'user', label: 'User' },
  { name: 'source', label: 'Source' },
  { name: 'version_id', label: 'Version id' },
  { name: 'metadata_search', label: 'Metadata contain' },
] as const;

const amounts = [
  { label: 'Latency, seconds', from: 'min_latency', to: 'max_latency' },
  { label: 'Cost, US dollars', from: 'min_cost', to: 'max_cost' },
  { label: 'Tokens', from: 'min_tokens', to: 'max_tokens' },
] as const;

const times = { from: 'start_date', to: 'end_date' } as const;

type Typed = Readonly<Record<string, string>>;

/** All filters for which one writes something. */
export function FilterDialog({
  search,
  onChange,
  onClose,
}: {
  readonly search: ListSearch;
  readonly onChange: ChangeSearch;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(search));
  const environmentsId = useId();
  const environments = useQuery(environmentsQuery);
  const field = (name: string, type = 'text') => ({
    value: typed[name] ?? '',
    type,
    onChange: ({ target }: { target: HTMLInputElement }) =>
      setTyped({ ...typed, [name]: target.value }),
  });
  return (
    <FormDialog
      title="Filters"
      action="Filter"
      onSend={async () => onChange(changeOf(search, typed))}
      onClose={onClose}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {texts.map(({ name, label }) => (
          <Field key={name} label={label}>
            {(attributes) => (
              <Input
                {...attributes}
                {...field(name)}
                autoComplete="off"
                {...(name === 'environment' && { list: environmentsId })}
              />
            )}
          </Field>
        ))}
      </div>
      <datalist id={environmentsId}>
        {environments.data?.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {amounts.map(({ label, from, to }) => (
        <fieldset key={label} className="grid grid-cols-2 gap-3">
          <legend className="mb-1 text-xs font-medium text-fg-2">{label}</legend>
          <Field label="From">
            {(attributes) => (
              <Input {...attributes} {...field(from, 'number')} min="0" step="any" />
            )}
          </Field>
          <Field label="To">
            {(attributes) => <Input {...attributes} {...field(to, 'number')} min="0" step="any" />}
          </Field>
        </fieldset>
      ))}
      <fieldset className="grid grid-cols-2 gap-3">
        <legend className="mb-1 text-xs font-medium text-fg-2">Time</legend>
        <Field label="From">
          {(attributes) => (
            <Input {...attributes} {...field(times.from, 'datetime-local')} step="1" />
          )}
        </Field>
        <Field label="To">
          {(attributes) => (
            <Input {...attributes} {...field(times.to, 'datetime-local')} step="1" />
          )}
        </Field>
      </fieldset>
    </FormDialog>
  );
}

const numberNames = amounts.flatMap(({ from, to }) => [from, to]);
const timeNames = [times.from, times.to];

function typedOf(search: ListSearch): Typed {
  const shown = (name: keyof ListSearch) => [search[name] ?? []].flat().join(', ');
  return Object.fromEntries([
    ...[...texts.map(({ name }) => name), ...numberNames].map((name) => [name, shown(name)]),
    ...timeNames.map((name) => [name, localTime(search[name])]),
  ]);
}

/** What is written, as the address would be read; what is empty is taken away. */
function changeOf({ last }: ListSearch, typed: Typed) {
  const given = Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [name, givenFor(name, text.trim())]),
  );
  const read = readListSearch(given);
  const cleared = Object.fromEntries(Object.keys(typed).map((name) => [name, undefined]));
  const hasTimes = read.start_date !== undefined || read.end_date !== undefined;
  return { ...cleared, ...read, last: hasTimes ? undefined : last };
}

function givenFor(name: string, text: string): unknown {
  if (text === '') return undefined;
  if (name === 'environment') return text.split(/\s*,\s*/);
  return timeNames.some((time) => time === name) ? new Date(text).toISOString() : text;
}

/** As a field for a time has it: in the reader's zone. */
function localTime(iso: string | undefined): string {
  if (iso === undefined) return '';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
