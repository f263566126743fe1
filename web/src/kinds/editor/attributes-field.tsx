import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import { type Attributes, rowsOf, valuesOf } from './attribute-rows.ts';

/** Names with values, a line each. A value that reads as a number, true, false or JSON is one; all else is text. */
export function AttributesField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: Attributes;
  readonly onChange: (value: Attributes) => void;
}) {
  const [typed, setTyped] = useState(() => rowsOf(value));
  // What is typed stays as it is typed, until the value is changed elsewhere.
  const rows = JSON.stringify(valuesOf(typed)) === JSON.stringify(value) ? typed : rowsOf(value);
  const change = (next: typeof rows) => {
    setTyped(next);
    onChange(valuesOf(next));
  };
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-xs font-medium text-fg-2">{label}</legend>
      {rows.length === 0 && <p className="text-xs text-fg-3">None</p>}
      {rows.map((row, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed
          key={index}
          role="group"
          aria-label={`${label}: ${row.name || 'new'}`}
          className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] gap-1.5"
        >
          <Input
            aria-label="Name"
            placeholder="Name"
            spellCheck={false}
            className="font-mono text-xs"
            value={row.name}
            onChange={({ target }) => change(rows.with(index, { ...row, name: target.value }))}
          />
          <Input
            aria-label={`Value of ${row.name || 'the new one'}`}
            placeholder="Value"
            className="font-mono text-xs"
            value={row.text}
            onChange={({ target }) => change(rows.with(index, { ...row, text: target.value }))}
          />
          <IconButton
            label={`Remove ${row.name || 'this line'}`}
            onClick={() => change(rows.toSpliced(index, 1))}
          >
            <X className="size-3.5" />
          </IconButton>
        </div>
      ))}
      <div>
        <Button size="small" look="ghost" onClick={() => change([...rows, { name: '', text: '' }])}>
          <Plus aria-hidden className="size-3.5" />
          Add
        </Button>
      </div>
    </fieldset>
  );
}
