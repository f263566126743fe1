import type { ApiRequest } from '../../copy-as/api-request.ts';
import { type Answers, toolMessages } from '../answer/answers.ts';
import { type Template, withInstructions } from './instructions.ts';

/** What is to be different when an agent runs again from one of its turns. */
export interface ForkDraft {
  /** The first turn to run. */
  readonly turn: number;
  readonly model: string;
  /** Undefined: as they are. */
  readonly instructions: string | undefined;
  /** Other texts for messages before the turn, by their places in the conversation. */
  readonly edits: ReadonlyMap<number, string>;
  /** What a user says before the turn; empty: nothing. */
  readonly message: string;
  /** Results of the calls that are open in the log. */
  readonly answers: Answers;
}

/** What the log that is forked ran with. */
export interface Forked {
  readonly logId: string;
  readonly model: string;
  readonly template: Template;
}

/** The request for a fork. It names what is different alone; the rest is as in the log. */
export function forkRequest({ logId, ...was }: Forked, draft: ForkDraft): ApiRequest {
  const { turn, instructions, edits, message, answers } = draft;
  const agent = {
    ...(draft.model !== was.model && { model: draft.model }),
    ...(instructions !== undefined && { template: withInstructions(was.template, instructions) }),
  };
  const messages = [
    ...toolMessages(answers),
    ...(message.trim() === '' ? [] : [{ role: 'user', content: message }]),
  ];
  return {
    method: 'POST',
    path: `/v5/logs/${encodeURIComponent(logId)}/fork`,
    body: {
      turn,
      ...(Object.keys(agent).length > 0 && { agent }),
      ...(edits.size > 0 && {
        edits: [...edits].map(([index, content]) => ({ index, content })),
      }),
      ...(messages.length > 0 && { messages }),
    },
  };
}
