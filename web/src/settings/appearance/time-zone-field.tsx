import { wholeTime } from '../../format/time.ts';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const choices = [
  { value: '', name: `This browser’s (${own})` },
  ...['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => ({ value })),
];

/** In which zone times are shown. */
export function TimeZoneField({
  zone,
  onChange,
}: {
  /** Undefined: that of the browser. */
  readonly zone: string | undefined;
  readonly onChange: (zone: string | undefined) => void;
}) {
  return (
    <Field label="Time zone" hint={`Now it is ${wholeTime(new Date().toISOString())}.`}>
      {(attributes) => (
        <Select
          {...attributes}
          value={zone ?? ''}
          choices={choices}
          onChange={(value) => onChange(value || undefined)}
          className="max-w-88"
        />
      )}
    </Field>
  );
}
