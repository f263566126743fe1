import { ApiError } from '../../api/api-error.ts';

/** Somebody else was first. What came of it is shown in place of the card. */
export function isAnswered(error: unknown): boolean {
  return error instanceof ApiError && ['continue_under_way', 'not_suspended'].includes(error.code);
}
