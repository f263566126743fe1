import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { type CodeFault, readFaults } from '../../code/code-fault.ts';
import { CodeField } from '../../code/code-field.tsx';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { readFileText, writeFileText } from '../draft/file-text.ts';
import type { Edited } from '../draft/use-draft.ts';

/** Milliseconds after the last key until the text is read. */
const readMs = 300;

/** The version as the text of its file. What can be read is the draft; while it cannot, the last that could stays. */
export function RawFile({ edited }: { readonly edited: Edited }) {
  const { version, spec, text: kept, change, keepText } = edited;
  const [text, setText] = useState(kept);
  const [faults, setFaults] = useState<readonly CodeFault[]>([]);
  const [error, setError] = useState<unknown>();
  const unread = useRef<{ text: string; timer: ReturnType<typeof setTimeout> }>(undefined);
  const read = async (next: string) => {
    unread.current = undefined;
    try {
      const fields = await readFileText(spec.kind, next);
      setFaults([]);
      setError(undefined);
      change(fields);
    } catch (caught) {
      const found = caught instanceof ApiError ? readFaults(caught.message) : [];
      setFaults(found);
      setError(found.length > 0 ? undefined : caught);
      keepText(next);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is written once, when this side is opened
  useEffect(() => {
    if (kept !== undefined) void read(kept);
    else writeFileText(spec).then(setText, setError);
    return () => {
      if (!unread.current) return;
      clearTimeout(unread.current.timer);
      // Who goes to the form sees what was typed last.
      void read(unread.current.text);
    };
  }, []);
  if (text === undefined) {
    return error === undefined ? <SkeletonRows rows={5} /> : <Failure error={error} />;
  }
  return (
    <section aria-label="Raw file" className="grid gap-2">
      <CodeField
        label={`${version.name}.${spec.kind}`}
        language="file"
        value={text}
        faults={faults}
        onChange={(next) => {
          setText(next);
          keepText(next);
          clearTimeout(unread.current?.timer);
          unread.current = { text: next, timer: setTimeout(() => void read(next), readMs) };
        }}
      />
      {error !== undefined && <Failure error={error} onRetry={() => void read(text)} />}
      {faults.length > 0 && (
        <div role="alert" className="text-xs text-err">
          <ul className="grid gap-0.5">
            {faults.map(({ line, column, says }) => (
              <li key={`${line} ${column} ${says}`}>
                Line {line}, column {column}: {says}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
