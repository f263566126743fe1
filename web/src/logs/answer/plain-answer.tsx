import { useId } from 'react';
import { cx } from '../../ui/cx.ts';
import { FormOrJson } from '../../ui/form-or-json.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import type { AnswerDraft } from './answer-draft.ts';

/** The result of a call of which no schema is known: one text, or JSON. */
export function PlainAnswer({
  draft: { text, isJson },
  fault,
  onChange,
}: {
  readonly draft: AnswerDraft;
  readonly fault: string | undefined;
  readonly onChange: (change: Partial<AnswerDraft>) => void;
}) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <label htmlFor={id} className="text-2xs font-medium text-fg-3">
          Your result
        </label>
        <FormOrJson
          label="Write it as"
          isJson={isJson}
          onChange={(next) => onChange({ isJson: next })}
        />
      </div>
      <TextArea
        id={id}
        rows={3}
        value={text}
        placeholder={isJson ? '{"status": "done"}' : 'What came of it'}
        spellCheck={!isJson}
        aria-invalid={fault !== undefined}
        aria-describedby={fault && `${id}-fault`}
        onChange={({ target }) => onChange({ text: target.value })}
        className={cx('min-h-14', isJson && 'font-mono text-xs')}
      />
      {fault && (
        <p id={`${id}-fault`} className="text-xs text-err">
          {fault}
        </p>
      )}
    </div>
  );
}
