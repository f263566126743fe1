import { Segments } from './segments.tsx';

/** A choice between fields and JSON for the same value. */
export function FormOrJson({
  label,
  isJson,
  onChange,
}: {
  /** What is chosen: read out, and not shown. */
  readonly label: string;
  readonly isJson: boolean;
  readonly onChange: (isJson: boolean) => void;
}) {
  return (
    <Segments
      label={label}
      value={isJson ? 'json' : 'form'}
      choices={choices}
      onChange={(choice) => onChange(choice === 'json')}
    />
  );
}

const choices = [
  { value: 'form', name: 'Form' },
  { value: 'json', name: 'JSON' },
] as const;
