import { useEffect, useId, useState } from 'react';
import { CodeField } from '../../code/code-field.tsx';
import { unread } from '../../forms/unread.ts';
import { isSameValue } from '../spec/spec.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** An object as JSON; empty leaves it out. While it is no object, that is said, and nothing is sent. */
export function JsonObjectField({
  label,
  value,
  onChange,
  fault,
  hint,
}: {
  readonly label: string;
  readonly value: JsonObject | undefined;
  readonly onChange: (value: JsonObject | undefined) => void;
  readonly fault?: string | undefined;
  readonly hint?: string;
}) {
  const [text, setText] = useState(() => textOf(value));
  useEffect(() => {
    setText((now) => {
      const read = objectIn(now);
      return read !== null && isSameValue(read, value) ? now : textOf(value);
    });
  }, [value]);
  const about = useId();
  const isWrong = objectIn(text) === null;
  const says = isWrong ? 'This is no JSON object yet' : fault;
  return (
    <div {...unread(isWrong)} className="grid gap-1">
      <span className="text-xs font-medium text-fg-2">{label}</span>
      <CodeField
        label={label}
        language="json"
        value={text}
        placeholder="{}"
        className="max-h-80"
        onChange={(next) => {
          setText(next);
          const read = objectIn(next);
          if (read !== null) onChange(read);
        }}
      />
      {(says ?? hint) && (
        <p id={about} className={says ? 'text-xs text-err' : 'text-xs text-fg-3'}>
          {says ?? hint}
        </p>
      )}
    </div>
  );
}

function textOf(value: JsonObject | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** @returns undefined for no text, null for what is no object. */
function objectIn(text: string): JsonObject | undefined | null {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch {
    return null;
  }
}
