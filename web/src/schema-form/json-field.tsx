import { useId, useState } from 'react';
import { parseExact } from '../json/exact-json.ts';
import { cx } from '../ui/cx.ts';
import { TextArea } from '../ui/text-area.tsx';
import { UnreadableJson } from './unreadable-json.ts';

/** A value written as JSON. While it cannot be read, the value is an {@link UnreadableJson}. */
export function JsonField({
  label,
  isLabelHidden = false,
  description,
  value,
  fault,
  onChange,
}: {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly description?: string | undefined;
  readonly value: unknown;
  readonly fault: string | undefined;
  readonly onChange: (value: unknown) => void;
}) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const text = typed !== undefined && isText(typed, value) ? typed : textOf(value);
  const said = fault ?? description;
  return (
    <div className="grid gap-1">
      <label
        htmlFor={id}
        className={cx('text-xs font-medium text-fg-2', isLabelHidden && 'sr-only')}
      >
        {label}
      </label>
      <TextArea
        id={id}
        rows={4}
        spellCheck={false}
        value={text}
        aria-invalid={fault !== undefined}
        aria-describedby={said ? `${id}-about` : undefined}
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(readText(target.value));
        }}
        className="font-mono text-xs"
      />
      {said && (
        <p id={`${id}-about`} className={cx('text-xs', fault ? 'text-err' : 'text-fg-3')}>
          {said}
        </p>
      )}
    </div>
  );
}

function readText(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return parseExact(text);
  } catch (error) {
    return new UnreadableJson(text, error);
  }
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return value instanceof UnreadableJson ? value.text : JSON.stringify(value, null, 2);
}

/** Whether a text still says the value, which may have been changed elsewhere. */
function isText(text: string, value: unknown): boolean {
  return JSON.stringify(readText(text)) === JSON.stringify(value);
}
