import { isJsonText } from '../values/json-text.ts';
import type { AnswerDraft } from './answer-draft.ts';

/** What a model reads when somebody has rejected its call. */
export function rejection(reason: string): string {
  const why = reason.trim();
  return `Error: The call was rejected.${why === '' ? '' : ` ${why}`}`;
}

/** The result for a model: text as it is, anything else as JSON. */
export function resultText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Why the text of a draft cannot be sent as a result; undefined: it can. */
export function faultIn({ text, isJson }: AnswerDraft): string | undefined {
  if (text.trim() === '') return 'Write the result, or reject the call.';
  return isJson && !isJsonText(text) ? 'This is not JSON yet.' : undefined;
}
