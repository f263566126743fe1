import { Database, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { type Faults, faultAt } from '../form/faults.ts';
import { type InputTexts, unusedInputs, type WantedInput } from './inputs.ts';

/** The inputs of a run: one for each variable, and those that nothing reads any more. */
export function InputsForm({
  wanted,
  texts,
  faults,
  onChange,
  onDataset,
}: {
  readonly wanted: readonly WantedInput[];
  readonly texts: InputTexts;
  readonly faults: Faults;
  readonly onChange: (texts: InputTexts) => void;
  /** Asks for the inputs of a datapoint. */
  readonly onDataset: () => void;
}) {
  const unused = unusedInputs(texts, wanted);
  const set = (name: string, text: string) => {
    const { [name]: _before, ...rest } = texts;
    onChange(text === '' ? rest : { ...rest, [name]: text });
  };
  if (wanted.length + unused.length === 0) return null;
  return (
    <section
      aria-labelledby="inputs"
      className="grid max-h-2/5 shrink-0 gap-2.5 overflow-y-auto border-b border-line px-4 py-3"
    >
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h2 id="inputs" className="font-medium">
          Inputs
        </h2>
        <Button size="small" look="ghost" onClick={onDataset}>
          <Database aria-hidden className="size-3.5" />
          From a dataset
        </Button>
      </div>
      <div className="grid gap-2.5 @md:grid-cols-2">
        {wanted.map(({ name, isJson }) => (
          <Field
            key={name}
            label={name}
            hint={isJson ? 'As JSON: its members are read' : undefined}
            fault={faultAt(faults, `inputs.${name}`)}
          >
            {(attributes) => (
              <TextArea
                {...attributes}
                rows={1}
                className={isJson ? 'font-mono text-xs' : ''}
                value={texts[name] ?? ''}
                onChange={({ target }) => set(name, target.value)}
              />
            )}
          </Field>
        ))}
      </div>
      {unused.length > 0 && (
        <ul className="grid gap-0.5">
          {unused.map((name) => (
            <li key={name} className="flex min-h-6 items-center gap-1 text-xs text-fg-3">
              <span className="font-mono">{name}</span> is not used in the instructions
              <IconButton label={`Remove ${name}`} className="size-6" onClick={() => set(name, '')}>
                <X className="size-3" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
