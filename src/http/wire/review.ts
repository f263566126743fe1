import type { Caller } from '../../accounts/callers.ts';
import { reviewIdOf } from '../../evaluation/reviews/review-id.ts';
import type { Review } from '../../evaluation/reviews/reviews.ts';
import { getVersionsById } from '../../files/read-files.ts';
import { findJudgments } from '../../logs/judgments.ts';
import { findVersionedLogs } from '../../logs/versioned-log.ts';
import { fileBodies } from '../../wire/file-bodies.ts';
import { logBodies } from '../../wire/log-bodies.ts';
import { summaryBodies } from '../../wire/log-summary.ts';

type Workspace = Caller['workspace'];
type Body = Record<string, unknown>;

/** The body of a review with its whole log, without the judgments of the log. */
export async function wholeReviewBody(
  workspace: Workspace,
  review: Review,
  isSkipped = review.isSkipped,
): Promise<Body> {
  const logs = await findVersionedLogs(workspace, [review.logId]);
  const [log] = await logBodies(workspace, logs, { withTrace: true, withJudgments: false });
  const [body] = await reviewBodies(workspace, [review], new Map([[review.logId, log]]));
  return { ...body, ...(isSkipped ? { state: 'skipped' } : {}) };
}

/** The bodies of a list of reviews, with summaries of their logs. */
export async function listedReviewBodies(
  workspace: Workspace,
  reviews: readonly Review[],
): Promise<readonly Body[]> {
  const ids = reviews.map(({ logId }) => logId);
  // Without the judgments of others: a reviewer is to judge without them.
  const summaries = await summaryBodies(workspace, ids, { withJudgments: false });
  const byId = new Map<string, unknown>(summaries.map((log) => [log.id, log]));
  return reviewBodies(workspace, reviews, byId);
}

async function reviewBodies(
  workspace: Workspace,
  reviews: readonly Review[],
  logs: ReadonlyMap<string, unknown>,
): Promise<readonly Body[]> {
  const versionIds = reviews.map(({ evaluatorVersionId }) => evaluatorVersionId);
  const versions = await getVersionsById(workspace, versionIds);
  const bodies = await fileBodies(workspace, [...versions.values()]);
  const evaluators = new Map([...versions.keys()].map((id, index) => [id, bodies[index]]));
  const given = await givenBodies(
    workspace,
    reviews.filter(({ isMine }) => isMine),
  );
  return reviews.map((review) => ({
    id: reviewIdOf(review),
    state: stateOf(review),
    log: logs.get(review.logId),
    evaluator: evaluators.get(review.evaluatorVersionId),
    run_ids: review.runIds,
    reserved_until: review.reservedUntil,
    reviews_per_log: review.wanted,
    reviews_count: review.given,
    reviews: given.get(reviewIdOf(review)) ?? null,
  }));
}

function stateOf({ isMine, isSkipped, reservedUntil }: Review): string {
  if (isMine) return 'done';
  if (reservedUntil !== null) return 'reserved';
  return isSkipped ? 'skipped' : 'open';
}

/** The judgments of all reviewers, for reviews whose reader has given one. */
async function givenBodies(
  workspace: Workspace,
  reviews: readonly Review[],
): Promise<ReadonlyMap<string, readonly Body[]>> {
  if (reviews.length === 0) return new Map();
  const judgments = await findJudgments(workspace, [...new Set(reviews.map(({ logId }) => logId))]);
  const entries = reviews.map(async (review) => {
    const ids = (judgments.get(review.logId) ?? [])
      .filter(({ record }) => record.file_id === review.evaluatorId)
      .map(({ record }) => record.id);
    const logs = await findVersionedLogs(workspace, ids);
    return [reviewIdOf(review), await logBodies(workspace, logs, { withTrace: false })] as const;
  });
  return new Map(await Promise.all(entries));
}
