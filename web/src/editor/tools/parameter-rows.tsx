import { Plus, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { type Parameter, parameterTypes } from './parameters.ts';

/** The parameters of a function, a line each. */
export function ParameterRows({
  parameters,
  member,
  whenEmpty,
  onChange,
}: {
  readonly parameters: readonly Parameter[];
  /** What one of them is called: `parameter`. */
  readonly member: string;
  /** What it means that there are none. */
  readonly whenEmpty: string;
  readonly onChange: (parameters: readonly Parameter[]) => void;
}) {
  const taken = new Set(parameters.map(({ name }) => name));
  const add = () => {
    let name = member;
    for (let count = 2; taken.has(name); count++) name = `${member}_${count}`;
    onChange([
      ...parameters,
      { name, type: 'string', description: '', isRequired: true, options: [] },
    ]);
  };
  return (
    <div className="grid gap-2">
      {parameters.length === 0 && <p className="text-xs text-fg-3">{whenEmpty}</p>}
      {parameters.map((parameter, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed
          key={index}
          parameter={parameter}
          onChange={(next) => {
            // Two parameters of one name would be one.
            if (next.name === parameter.name || !taken.has(next.name)) {
              onChange(parameters.with(index, next));
            }
          }}
          onRemove={() => onChange(parameters.toSpliced(index, 1))}
        />
      ))}
      <div>
        <Button size="small" look="ghost" onClick={add}>
          <Plus aria-hidden className="size-3.5" />
          {member.charAt(0).toUpperCase() + member.slice(1)}
        </Button>
      </div>
    </div>
  );
}

function Row({
  parameter,
  onChange,
  onRemove,
}: {
  readonly parameter: Parameter;
  readonly onChange: (parameter: Parameter) => void;
  readonly onRemove: () => void;
}) {
  const { name, type, description, isRequired, options } = parameter;
  return (
    <div
      role="group"
      aria-label={name}
      className="flex flex-wrap items-center gap-1.5 @md:grid @md:grid-cols-[minmax(0,1fr)_8rem_5.5rem_auto]"
    >
      <Input
        aria-label={`Name of ${name}`}
        className="font-mono text-xs"
        spellCheck={false}
        value={name}
        onChange={({ target }) => onChange({ ...parameter, name: target.value })}
      />
      <Select
        aria-label={`Type of ${name}`}
        className="flex-1"
        value={type}
        choices={parameterTypes}
        onChange={(next) => onChange({ ...parameter, type: next })}
      />
      <label className="flex items-center gap-1 text-xs text-fg-2">
        <input
          type="checkbox"
          className="size-3.5 accent-accent"
          checked={isRequired}
          onChange={({ target }) => onChange({ ...parameter, isRequired: target.checked })}
        />
        Required
      </label>
      <IconButton label={`Remove ${name}`} onClick={onRemove}>
        <X className="size-3.5" />
      </IconButton>
      <Input
        aria-label={`Description of ${name}`}
        placeholder="What it means"
        value={description}
        className={type === 'string' ? '' : '@md:col-span-3'}
        onChange={({ target }) => onChange({ ...parameter, description: target.value })}
      />
      {type === 'string' && (
        <Input
          aria-label={`What ${name} must be one of`}
          className="@md:col-span-2"
          placeholder="One of: a, b, c"
          value={options.join(', ')}
          onChange={({ target }) =>
            onChange({
              ...parameter,
              options: target.value === '' ? [] : target.value.split(/,\s*/),
            })
          }
        />
      )}
    </div>
  );
}
