import type { LogResponse } from '../../api/types.ts';
import { CopyAsMenu } from '../../copy-as/copy-as-menu.tsx';
import { counted } from '../../format/format.ts';
import { useSend } from '../../forms/use-send.ts';
import { keyOf, keysOf, shortcuts } from '../../keyboard/shortcuts.ts';
import { Failure } from '../../loading/failure.tsx';
import { Button } from '../../ui/button.tsx';
import type { CallBlock } from '../conversation/blocks.ts';
import { ForkButton, turnsOf } from '../fork/fork-button.tsx';
import type { AnswerDrafts } from './answer-draft.ts';
import type { Answers } from './answers.ts';
import { isAnswered } from './continue-errors.ts';
import { continueRequest, sendAnswers } from './continue-request.ts';
import { resultSchemaOf } from './result-schema.ts';
import { unwritten, useAnswers } from './use-answers.ts';
import { WaitingStep } from './waiting-step.tsx';

/** The calls that wait for somebody: a step for each, and one button that sends all answers. */
export function WaitingCard({
  log,
  calls,
  drafts,
  selected,
  onSelect,
  mayAnswer,
  onSend,
}: {
  readonly log: LogResponse;
  readonly calls: readonly CallBlock[];
  readonly drafts: AnswerDrafts;
  readonly selected: string | undefined;
  readonly onSelect: (spanId: string) => void;
  /** Whether the reader may run agents. */
  readonly mayAnswer: boolean;
  /** Tells which answers are on their way, with the promise of their arrival. */
  readonly onSend: (answers: Answers, sent: Promise<void>) => Promise<void>;
}) {
  const { onReader, read } = useAnswers(calls);
  const { isBusy, error, send } = useSend();
  const submit = async () => {
    if (!mayAnswer) return;
    const answers = read();
    if (!answers) return;
    await send(() => onSend(answers, sendAnswers(log.id, answers)));
  };
  const rejected = calls.filter(({ id }) => drafts.of(id).isRejected).length;
  return (
    <section
      aria-label="Waiting for a result"
      onKeyDown={(event) => {
        if (keyOf(event.nativeEvent) !== shortcuts.send.keys[0]) return;
        event.preventDefault();
        void submit();
      }}
      className="@container overflow-hidden rounded-lg border border-warn-line bg-panel shadow-card"
    >
      <ol>
        {calls.map((call) => (
          <WaitingStep
            key={call.id}
            call={call}
            schema={resultSchemaOf(log, call.name)}
            draft={drafts.of(call.id)}
            onChange={(change) => drafts.change(call.id, change)}
            onReader={onReader}
            mayAnswer={mayAnswer}
            isSelected={call.span !== undefined && call.span.id === selected}
            onSelect={onSelect}
          />
        ))}
      </ol>
      {error !== undefined && !isAnswered(error) && (
        <div className="px-3 pb-2">
          <Failure error={error} />
        </div>
      )}
      <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-3 py-2">
        {!mayAnswer && (
          <p className="mr-auto text-xs text-fg-3">You may read this, and not answer it.</p>
        )}
        {mayAnswer && calls.length > 1 && (
          <p className="mr-auto text-xs text-fg-3">
            {counted(calls.length, 'call')}, answered together
            {rejected > 0 && `, ${rejected} rejected`}
          </p>
        )}
        <ForkButton
          log={log}
          turn={turnsOf(log) + 1}
          label="Answer it in a fork: this run goes on waiting"
        />
        <CopyAsMenu request={() => continueRequest(log.id, read() ?? unwritten(calls))} />
        <Button
          look="primary"
          disabled={!mayAnswer}
          aria-disabled={isBusy}
          data-tip="Send all answers"
          data-tip-key={keysOf('send')}
          onClick={() => void submit()}
        >
          {rejected === calls.length ? 'Reject and continue' : 'Send and continue'}
        </Button>
      </div>
    </section>
  );
}
