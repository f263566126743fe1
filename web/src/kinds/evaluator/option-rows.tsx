import { Plus, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import type { Option } from './evaluator-fields.ts';
import { valences } from './valences.ts';

/** What can be chosen as a judgment, and whether it is good. */
export function OptionRows({
  options,
  fault,
  onChange,
}: {
  readonly options: readonly Option[];
  readonly fault: string | undefined;
  readonly onChange: (options: readonly Option[]) => void;
}) {
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-xs font-medium text-fg-2">Options</legend>
      {options.length === 0 && (
        <p className="text-xs text-fg-3">Without options any text counts.</p>
      )}
      {options.map((option, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed
          key={index}
          role="group"
          aria-label={`Option ${option.name || index + 1}`}
          className="grid grid-cols-[minmax(0,1fr)_8rem_auto] gap-1.5"
        >
          <Input
            aria-label="Name of the option"
            value={option.name}
            onChange={({ target }) =>
              onChange(options.with(index, { ...option, name: target.value }))
            }
          />
          <Select
            aria-label={`What ${option.name || 'it'} means`}
            value={option.valence ?? ''}
            choices={valences}
            onChange={(valence) =>
              onChange(options.with(index, { ...option, valence: valence || undefined }))
            }
          />
          <IconButton
            label={`Remove ${option.name || `option ${index + 1}`}`}
            onClick={() => onChange(options.toSpliced(index, 1))}
          >
            <X className="size-3.5" />
          </IconButton>
        </div>
      ))}
      {fault && <p className="text-xs text-err">{fault}</p>}
      <div>
        <Button
          size="small"
          look="ghost"
          onClick={() => onChange([...options, { name: '', valence: undefined }])}
        >
          <Plus aria-hidden className="size-3.5" />
          Option
        </Button>
      </div>
    </fieldset>
  );
}
