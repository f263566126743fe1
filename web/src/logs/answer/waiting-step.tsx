import { Link } from '@tanstack/react-router';
import { CirclePause, ExternalLink } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { JsonSchema } from '../../schema-form/field-schema.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { useSchemaForm } from '../../schema-form/use-schema-form.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import type { CallBlock } from '../conversation/blocks.ts';
import { toolTitle } from '../conversation/tool-title.ts';
import { Fields } from '../values/fields.tsx';
import { faultIn, rejection, resultText } from './answer-content.ts';
import type { AnswerDraft } from './answer-draft.ts';
import { PlainAnswer } from './plain-answer.tsx';

/** Reads what is to be sent; undefined when something is missing, which is then said at its field. */
export type ReadAnswer = () => string | undefined;

interface StepProps {
  readonly call: CallBlock;
  /** Of the result; undefined: any text. */
  readonly schema: JsonSchema | undefined;
  readonly draft: AnswerDraft;
  readonly onChange: (change: Partial<AnswerDraft>) => void;
  /** Tells how this step is read; undefined when it is gone. */
  readonly onReader: (callId: string, read: ReadAnswer | undefined) => void;
}

/** A call that waits: the arguments as the model gave them, and the result that somebody gives. */
export function WaitingStep({
  mayAnswer = true,
  isSelected,
  onSelect,
  ...step
}: StepProps & {
  /** Whether the reader may give a result. */
  readonly mayAnswer?: boolean;
  readonly isSelected: boolean;
  readonly onSelect: (spanId: string) => void;
}) {
  const { call, draft, onChange } = step;
  const { id, name, arguments: given, span } = call;
  return (
    <li className="border-warn-line not-first:border-t">
      <div className="flex min-h-9 flex-wrap items-center gap-x-2 border-b border-warn-line bg-warn-soft px-3 py-1">
        <CirclePause aria-hidden strokeWidth={2.2} className="size-3.5 text-warn" />
        <h2 className="min-w-0 font-medium break-words">{toolTitle(name)}</h2>
        <button
          type="button"
          disabled={!span}
          onClick={() => span && onSelect(span.id)}
          className={cx(
            'ml-auto min-h-6 max-w-full min-w-0 truncate rounded-md px-1 font-mono text-xs text-fg-2 hover:underline',
            isSelected && 'text-accent',
          )}
        >
          {name}
        </button>
      </div>
      <div className="grid gap-x-4 gap-y-3 px-3 py-2.5 @lg:grid-cols-2">
        <section className="min-w-0">
          <h3 className="mb-1 flex min-h-6 items-center text-2xs font-medium text-fg-3">
            Arguments from the model
          </h3>
          <Fields value={given} />
          {span?.kind === 'agent' && <OwnLog logId={span.log_id} />}
        </section>
        <fieldset disabled={!mayAnswer} className="grid min-w-0 content-start gap-2">
          {draft.isRejected ? (
            <RejectedAnswer key={id} {...step} />
          ) : step.schema ? (
            <SchemaAnswer key={id} {...step} schema={step.schema} />
          ) : (
            <TextAnswer key={id} {...step} />
          )}
          <Button
            size="small"
            look="ghost"
            onClick={() => onChange({ isRejected: !draft.isRejected })}
            className="-ml-2 justify-self-start"
          >
            {draft.isRejected ? 'Give a result instead' : 'Reject…'}
          </Button>
        </fieldset>
      </div>
    </li>
  );
}

/** The log of a nested agent, which is what waits. An answer here would take its place. */
function OwnLog({ logId }: { readonly logId: string }) {
  return (
    <p className="mt-2 text-xs text-fg-2">
      This agent waits in a log of its own. A result that you give here takes its place.{' '}
      <Link
        to="/logs/$logId"
        params={{ logId }}
        className="inline-flex items-center gap-1 text-accent hover:underline"
      >
        Answer it there
        <ExternalLink aria-hidden className="size-3" />
      </Link>
    </p>
  );
}

function TextAnswer({ call, draft, onChange, onReader }: StepProps) {
  const [wasRead, setRead] = useState(false);
  const fault = faultIn(draft);
  useReader(call.id, onReader, () => {
    setRead(true);
    return fault === undefined ? draft.text : undefined;
  });
  return <PlainAnswer draft={draft} fault={wasRead ? fault : undefined} onChange={onChange} />;
}

function SchemaAnswer({
  call,
  schema,
  draft,
  onChange,
  onReader,
}: StepProps & { readonly schema: JsonSchema }) {
  const form = useSchemaForm(schema, {
    initial: draft.value,
    onChange: (value) => onChange({ value }),
  });
  useReader(call.id, onReader, () => {
    const read = form.read();
    return read && resultText(read.value);
  });
  return <SchemaForm label="Your result" form={form} />;
}

function RejectedAnswer({ call, draft: { reason }, onChange, onReader }: StepProps) {
  useReader(call.id, onReader, () => rejection(reason));
  return (
    <Field label="Rejected. Why?" hint="The model reads it, and goes on without a result.">
      {(attributes) => (
        <TextArea
          {...attributes}
          rows={2}
          value={reason}
          placeholder="No reason given"
          onChange={({ target }) => onChange({ reason: target.value })}
        />
      )}
    </Field>
  );
}

function useReader(callId: string, tell: StepProps['onReader'], read: ReadAnswer): void {
  useEffect(() => {
    tell(callId, read);
    return () => tell(callId, undefined);
  });
}
