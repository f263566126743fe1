import { useEffect, useRef, useState } from 'react';
import type { LogResponse } from '../../api/types.ts';
import { type AnswerDraft, emptyDraft, readAnswerDrafts } from '../answer/answer-draft.ts';
import { resultSchemaOf } from '../answer/result-schema.ts';
import type { useAnswers } from '../answer/use-answers.ts';
import { WaitingStep } from '../answer/waiting-step.tsx';
import type { CallBlock } from '../conversation/blocks.ts';

/**
 * The open calls of a log: each gets a result in the fork, and none in the log. What was already written
 * to answer them there is where one begins.
 */
export function OpenCallSteps({
  log,
  calls,
  onReader,
}: {
  readonly log: LogResponse;
  readonly calls: readonly CallBlock[];
  readonly onReader: ReturnType<typeof useAnswers>['onReader'];
}) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, AnswerDraft>>>(() =>
    readAnswerDrafts(log.id),
  );
  const list = useRef<HTMLOListElement>(null);
  // What is said before them may be long.
  useEffect(() => {
    list.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const draftOf = (callId: string) => drafts[callId] ?? emptyDraft;
  return (
    <ol
      ref={list}
      aria-label="Results of the calls that are open"
      className="@container overflow-clip rounded-lg border border-warn-line"
    >
      {calls.map((call) => (
        <WaitingStep
          key={call.id}
          call={call}
          schema={resultSchemaOf(log, call.name)}
          draft={draftOf(call.id)}
          onChange={(change) =>
            setDrafts((now) => ({
              ...now,
              [call.id]: { ...(now[call.id] ?? emptyDraft), ...change },
            }))
          }
          onReader={onReader}
          isSelected={false}
          onSelect={() => undefined}
        />
      ))}
    </ol>
  );
}
