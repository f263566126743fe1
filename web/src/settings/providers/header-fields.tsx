import { Plus, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import type { GivenHeader } from './given-headers.ts';

/** Headers that are sent with every request: a line each. */
export function HeaderFields({
  headers,
  onChange,
}: {
  readonly headers: readonly GivenHeader[];
  readonly onChange: (headers: readonly GivenHeader[]) => void;
}) {
  const change = (changed: GivenHeader) =>
    onChange(headers.map((header) => (header.key === changed.key ? changed : header)));
  const add = () => {
    const key = Math.max(-1, ...headers.map((header) => header.key)) + 1;
    onChange([...headers, { key, name: '', value: '', isKept: false }]);
  };
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-xs font-medium text-fg-2">Headers</legend>
      {headers.map((header, place) => (
        <div key={header.key} className="flex items-center gap-1.5">
          <Input
            aria-label={`Name of header ${place + 1}`}
            value={header.name}
            onChange={({ target }) => change({ ...header, name: target.value })}
            readOnly={header.isKept}
            placeholder="X-Team"
            autoComplete="off"
            className="font-mono"
          />
          <Input
            aria-label={`Value of header ${place + 1}`}
            value={header.value}
            onChange={({ target }) => change({ ...header, value: target.value })}
            placeholder={header.isKept ? 'Stays as it is' : ''}
            autoComplete="off"
            className="font-mono"
          />
          <IconButton
            label={`Remove header ${place + 1}`}
            onClick={() => onChange(headers.filter(({ key }) => key !== header.key))}
          >
            <X className="size-3.5" />
          </IconButton>
        </div>
      ))}
      <Button look="ghost" size="small" onClick={add} className="justify-self-start">
        <Plus aria-hidden className="size-3" />
        Header
      </Button>
    </fieldset>
  );
}
