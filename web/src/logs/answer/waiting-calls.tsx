import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { sessionQuery } from '../../session/session.ts';
import type { Block, CallBlock } from '../conversation/blocks.ts';
import type { LogView } from '../live/log-view.ts';
import { useAnswerDrafts } from './answer-draft.ts';
import { AnsweredCard } from './answered-card.tsx';
import type { Answers } from './answers.ts';
import { isAnswered } from './continue-errors.ts';
import { WaitingCard } from './waiting-card.tsx';

/**
 * What waits for somebody at the end of a conversation: the calls, to be answered together. If others
 * were first, their answer.
 */
export function WaitingCalls({
  view: { log },
  blocks,
  selected,
  onSelect,
  onAnswered,
}: {
  readonly view: LogView;
  readonly blocks: readonly Block[];
  readonly selected: string | undefined;
  readonly onSelect: (spanId: string) => void;
  /** Called when the run has been answered, here or elsewhere: the log is to be read again. */
  readonly onAnswered: () => Promise<void>;
}) {
  const drafts = useAnswerDrafts(log.id);
  const mayAnswer = useQuery(sessionQuery).data?.caller.scopes.includes('run') ?? false;
  const calls = blocks.filter((block) => block.type === 'call');
  const waiting = calls.filter(({ status }) => status === 'waiting');
  const others = useAnswersOfOthers(calls, drafts.callIds);
  const send = async (answers: Answers, sent: Promise<void>) => {
    others.sent(answers);
    try {
      await sent;
      drafts.clear();
    } catch (error) {
      if (isAnswered(error)) await onAnswered();
      throw error;
    }
    await onAnswered();
  };
  return (
    <>
      {others.calls.length > 0 && (
        <AnsweredCard
          calls={others.calls}
          drafts={drafts}
          onClose={() => {
            others.close();
            drafts.clear();
          }}
        />
      )}
      {waiting.length > 0 && (
        <WaitingCard
          // The calls of another turn are another card.
          key={waiting.map(({ id }) => id).join()}
          {...{ log, drafts, selected, onSelect, mayAnswer }}
          calls={waiting}
          onSend={send}
        />
      )}
    </>
  );
}

/**
 * Calls that somebody else has answered: they waited while this page looked, or something was written
 * here to answer them, and their result is not what was sent from here.
 */
function useAnswersOfOthers(calls: readonly CallBlock[], written: readonly string[]) {
  const sent = useRef<Answers>(new Map());
  const seen = useRef(new Set<string>());
  const [, setClosed] = useState(0);
  for (const { id, status } of calls) if (status === 'waiting') seen.current.add(id);
  return {
    calls: calls.filter(
      ({ id, result, span }) =>
        result !== undefined &&
        result !== sent.current.get(id) &&
        (seen.current.has(id) || written.includes(id)) &&
        // A nested agent has ended by itself.
        span?.kind !== 'agent',
    ),
    sent: (answers: Answers) => {
      sent.current = new Map([...sent.current, ...answers]);
    },
    close: () => {
      seen.current.clear();
      setClosed((count) => count + 1);
    },
  };
}
