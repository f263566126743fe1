import { useState } from 'react';
import { bytes } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { Highlighted } from './highlighted.tsx';
import { readJsonText, shownText } from './json-text.ts';

/** Characters of a value that are shown before "Show all". */
const head = 64_000;

/** A value that was given, or came back: JSON in colours, or text as it is. Long ones begin with a head. */
export function ValueView({
  label,
  value,
  empty = 'Nothing',
}: {
  readonly label: string;
  /** Text that is JSON is shown as JSON. */
  readonly value: unknown;
  readonly empty?: string;
}) {
  const [showsAll, setShowsAll] = useState(false);
  const isEmpty = value === undefined || value === null || value === '';
  const json = typeof value === 'string' ? readJsonText(value) : value;
  const text = isEmpty ? '' : shownText(json);
  const shown = showsAll ? text : text.slice(0, head);
  return (
    <section className="min-w-0">
      <div className="flex h-6 items-center gap-1 text-2xs font-medium text-fg-3">
        <h3 className="flex-1">{label}</h3>
        {!isEmpty && <CopyButton label={`Copy ${label.toLowerCase()}`} text={() => text} />}
      </div>
      <pre
        tabIndex={0}
        className={cx(
          'max-h-96 overflow-auto rounded-md border border-line bg-sunken px-2.5 py-2 font-mono text-xs break-words whitespace-pre-wrap',
          isEmpty && 'text-fg-3',
        )}
      >
        {isEmpty ? empty : typeof json === 'string' ? shown : <Highlighted text={shown} />}
      </pre>
      {shown.length < text.length && (
        <p className="mt-1 flex items-center gap-2 text-xs text-fg-3">
          The first {bytes(head)} of {bytes(text.length)}.
          <Button size="small" onClick={() => setShowsAll(true)}>
            Show all
          </Button>
        </p>
      )}
    </section>
  );
}
