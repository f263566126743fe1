import { useRef } from 'react';
import type { CallBlock } from '../conversation/blocks.ts';
import type { Answers } from './answers.ts';
import type { ReadAnswer } from './waiting-step.tsx';

/** What is written for calls that wait, read together. */
export function useAnswers(calls: readonly CallBlock[]): {
  /** Given to the step of each call. */
  readonly onReader: (callId: string, read: ReadAnswer | undefined) => void;
  /** Undefined when something is missing, which is then said at its field. */
  readonly read: () => Answers | undefined;
} {
  const readers = useRef(new Map<string, ReadAnswer>());
  return {
    onReader: (callId, reader) => {
      if (reader) readers.current.set(callId, reader);
      else readers.current.delete(callId);
    },
    read: () => {
      // All are read, so that each says what it misses.
      const answers = calls.map(({ id }) => [id, readers.current.get(id)?.()] as const);
      return answers.every((answer): answer is readonly [string, string] => answer[1] !== undefined)
        ? new Map(answers)
        : undefined;
    },
  };
}

/** Places for the results, for who copies a request before there are any. */
export function unwritten(calls: readonly CallBlock[]): Answers {
  return new Map(calls.map(({ id, name }) => [id, `the result of ${name}`]));
}
