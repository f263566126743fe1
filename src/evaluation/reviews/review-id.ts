/** A log, and the human evaluator that is to judge it. */
export interface ReviewKey {
  readonly logId: string;
  readonly evaluatorVersionId: string;
}

/** The id of a review: `<version id of the evaluator>.<log id>`. */
export function reviewIdOf({ logId, evaluatorVersionId }: ReviewKey): string {
  return `${evaluatorVersionId}.${logId}`;
}

/** @returns undefined for a text that is no id of a review. */
export function readReviewId(id: string): ReviewKey | undefined {
  // Ids of logs may have dots in them, ids of versions have none.
  const dot = id.indexOf('.');
  if (dot < 1 || dot === id.length - 1) return undefined;
  return { evaluatorVersionId: id.slice(0, dot), logId: id.slice(dot + 1) };
}
