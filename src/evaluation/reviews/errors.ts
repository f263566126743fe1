import { PlatformError } from '../../kernel/errors.ts';

export const reviewNotFound = (id: string) =>
  new PlatformError('not_found', 'review_not_found', `There is no review \`${id}\`.`);

export const reviewTaken = (id: string) =>
  new PlatformError(
    'conflict',
    'review_taken',
    `The review \`${id}\` is taken: others have judged the log, or have reserved it.`,
  );
