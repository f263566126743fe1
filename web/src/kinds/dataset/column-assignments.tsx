import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { ColumnPreview } from './column-preview.tsx';
import type { Assignment } from './csv-rows.ts';

const destinations: readonly { readonly value: Assignment['to']; readonly name: string }[] = [
  { value: 'inputs', name: 'Input' },
  { value: 'target', name: 'Target' },
  { value: 'messages', name: 'Messages (JSON)' },
  { value: 'nothing', name: 'Leave out' },
];

/** What each column of a table becomes. */
export function ColumnAssignments({
  head,
  rows,
  assignments,
  onChange,
}: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly assignments: readonly Assignment[];
  readonly onChange: (assignments: readonly Assignment[]) => void;
}) {
  const assign = (index: number, changes: Partial<Assignment>) =>
    onChange(assignments.with(index, { ...(assignments[index] as Assignment), ...changes }));
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 text-xs font-medium text-fg-2">What each column becomes</legend>
      {head.map((name, index) => {
        const { to, name: given } = assignments[index] as Assignment;
        return (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
            key={index}
            role="group"
            aria-label={`Column ${name}`}
            className="grid grid-cols-[minmax(0,1fr)_9rem_minmax(0,1fr)] items-center gap-1.5"
          >
            <ColumnPreview name={name} values={rows.map((values) => values[index] ?? '')} />
            <Select
              aria-label={`What ${name} becomes`}
              value={to}
              choices={destinations}
              onChange={(next) => assign(index, { to: next })}
            />
            {to === 'inputs' || to === 'target' ? (
              <Input
                aria-label={`Name for ${name}`}
                value={given}
                onChange={({ target }) => assign(index, { name: target.value })}
              />
            ) : (
              <span />
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
