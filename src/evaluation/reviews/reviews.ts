import type { ReviewFilters, ReviewRequest } from '../../contract/reviews.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import { type FileVersion, isOfKind } from '../../files/file-version.ts';
import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { getFile } from '../../files/read-files.ts';
import { requireFile } from '../../files/resolve-version.ts';
import { invalid } from '../../kernel/errors.ts';
import type { LogParts } from '../../logs/log-parts.ts';
import { recordLog } from '../../logs/record-log.ts';
import { evaluationRunNotFound } from '../errors.ts';
import { hasRun } from '../runs/has-run-queries.ts';
import { reviewNotFound, reviewTaken } from './errors.ts';
import { type ReviewKey, readReviewId } from './review-id.ts';
import {
  countGivenReviews,
  countOpenReviews,
  countReservedReviews,
  findGivenReview,
  findReview,
  listGivenReviews,
  listOpenReviews,
  listReservedReviews,
  lockReview,
  type Review,
  type Reviewer,
  type ReviewFilter,
  release,
  reserve,
  skip,
} from './review-queries.ts';

export type { Review } from './review-queries.ts';

/** Minutes after which a review that was not given goes to somebody else. */
const reservedMinutes = 30;

/** The most open reviews to count. */
const mostCounted = 1_000;

/** How many of the first open reviews to try to reserve, before looking for others. */
const triedAtOnce = 10;

/** How often to look for other reviews, after others have taken all that were found. */
const mostLooks = 5;

/**
 * One page of the reviews of the caller, and how many there are on all pages; open ones are counted
 * up to 1,000.
 *
 * @throws `file_not_found`, `evaluation_run_not_found` for a filter by what does not exist.
 */
export async function listReviews(
  workspace: Workspace,
  {
    state,
    page,
    size,
    ...filters
  }: ReviewFilters & {
    readonly state: 'open' | 'mine' | 'done';
    readonly page: number;
    readonly size: number;
  },
): Promise<{ readonly reviews: readonly Review[]; readonly total: number }> {
  const reviewer = requireReviewer(workspace);
  const filter = await readFilters(workspace, filters);
  const window = { limit: size, offset: (page - 1) * size };
  if (state === 'done') {
    return {
      reviews: await listGivenReviews(reviewer, filter, window),
      total: await countGivenReviews(reviewer, filter),
    };
  }
  if (state === 'mine') {
    return {
      reviews: await listReservedReviews(reviewer, filter, window),
      total: await countReservedReviews(reviewer, filter),
    };
  }
  return {
    reviews: await listOpenReviews(reviewer, filter, window),
    total: await countOpenReviews(reviewer, filter, mostCounted),
  };
}

/**
 * Reserves the first open review for the caller, for 30 minutes. Each call reserves another one.
 *
 * @returns undefined when no review is open.
 * @throws `file_not_found`, `evaluation_run_not_found` for a filter by what does not exist.
 */
export async function reserveNextReview(
  workspace: Workspace,
  filters: ReviewFilters,
): Promise<Review | undefined> {
  const filter = await readFilters(workspace, filters);
  const first = { limit: triedAtOnce, offset: 0 };
  for (let look = 1; look <= mostLooks; look++) {
    const open = await listOpenReviews(requireReviewer(workspace), filter, first);
    if (open.length === 0) return undefined;
    for (const found of open) {
      // At first, pass over reviews that others are taking. Wait for them if nothing else is left.
      const review = await reserveIfOpen(workspace, found, { isWaiting: look > 1 });
      if (review) return review;
    }
  }
  return undefined;
}

/** @returns undefined when others have taken it meanwhile, or are about to. */
async function reserveIfOpen(
  workspace: Workspace,
  found: Review,
  options: { readonly isWaiting: boolean },
): Promise<Review | undefined> {
  return inTransaction(workspace, async (workspace) => {
    const reviewer = requireReviewer(workspace);
    if (!(await lockReview(reviewer, found, options))) return undefined;
    const review = await findReview(reviewer, found);
    if (!review || !isFree(review)) return undefined;
    await reserve(reviewer, review, reservedMinutes);
    return findReview(reviewer, review);
  });
}

/**
 * Judges or skips a log. A judgment is an evaluator log whose `user` is the member's id. A second
 * judgment of the same member replaces the first.
 *
 * @throws `review_not_found`; `review_taken` (conflict) when others have judged or reserved the log;
 *   `invalid` for a judgment that the evaluator cannot give.
 */
export async function giveReview(
  parts: LogParts,
  workspace: Workspace,
  id: string,
  request: ReviewRequest,
): Promise<{ readonly review: Review; readonly isSkipped: boolean }> {
  const isSkipped = request.skip ?? false;
  if (isSkipped && request.judgment != null) {
    throw invalid(['body', 'judgment'], 'Send either a `judgment` or `skip: true`.');
  }
  return inTransaction(workspace, async (workspace) => {
    const reviewer = requireReviewer(workspace);
    const { key, evaluator } = await requireKey(workspace, id);
    const place = { logId: key.logId, evaluatorId: evaluator.id };
    await lockReview(reviewer, place, { isWaiting: true });
    const before = (await findReview(reviewer, key)) ?? (await findGivenReview(reviewer, key));
    const isHeld = await release(reviewer, place);
    // A reserved review is taken even if its Run has ended meanwhile: the judgment still counts.
    if (!before && !isHeld) throw reviewNotFound(id);
    if (before && !isHeld && !isOpenTo(before)) throw reviewTaken(id);
    if (isSkipped) await skip(reviewer, place);
    else await judge(parts, reviewer, evaluator, key, request);
    const after = await findReview(reviewer, key);
    const review = after ?? (await findGivenReview(reviewer, key)) ?? before;
    if (!review) throw reviewNotFound(id);
    return { review, isSkipped };
  });
}

/**
 * Gives a review back, so that somebody else gets it. No effect if the caller has not reserved it.
 *
 * @throws `review_not_found`.
 */
export async function releaseReview(workspace: Workspace, id: string): Promise<void> {
  const reviewer = requireReviewer(workspace);
  const { key, evaluator } = await requireKey(workspace, id);
  const isHeld = await release(reviewer, { logId: key.logId, evaluatorId: evaluator.id });
  if (isHeld || (await findReview(reviewer, key)) || (await findGivenReview(reviewer, key))) return;
  throw reviewNotFound(id);
}

/** Whether its member can reserve a review. */
function isFree(review: Review): boolean {
  return !review.isMine && !review.isSkipped && review.reservedUntil === null && isOpenTo(review);
}

/** Whether its member can give a review: again, or because not all places are taken. */
function isOpenTo({ isMine, given, othersReserved, wanted }: Review): boolean {
  return isMine || given + othersReserved < wanted;
}

async function judge(
  parts: LogParts,
  { memberId, ...workspace }: Reviewer,
  evaluator: FileVersion,
  { logId, evaluatorVersionId }: ReviewKey,
  { judgment, note }: ReviewRequest,
): Promise<void> {
  await recordLog(
    parts,
    { ...workspace, memberId },
    evaluatorKind,
    {
      selector: { versionId: evaluatorVersionId, environment: undefined },
      inlineSpec: undefined,
    },
    {
      id: evaluator.id,
      parent_id: logId,
      judgment: judgment ?? null,
      output: note ?? null,
      user: memberId,
      source: 'review',
    },
  );
}

async function requireKey(
  workspace: Workspace,
  id: string,
): Promise<{ readonly key: ReviewKey; readonly evaluator: FileVersion<'evaluator'> }> {
  const key = readReviewId(id);
  if (!key) throw reviewNotFound(id);
  const versions = await findVersionsById(workspace, [key.evaluatorVersionId]);
  const evaluator = versions.get(key.evaluatorVersionId);
  if (!isOfKind(evaluator, evaluatorKind) || evaluator.isFileDeleted) throw reviewNotFound(id);
  return { key, evaluator };
}

function requireReviewer(workspace: Workspace): Reviewer {
  const { memberId } = workspace;
  if (memberId === null) throw new Error('Reviews are for members, and the server is none.');
  return { ...workspace, memberId };
}

/** @throws `file_not_found`, `evaluation_run_not_found` for a filter by what does not exist. */
async function readFilters(
  workspace: Workspace,
  { file_id: fileId, evaluator_id: evaluatorId, run_id: runId }: ReviewFilters,
): Promise<ReviewFilter> {
  if (fileId != null) await getFile(workspace, fileId);
  if (evaluatorId != null) await requireFile(workspace, evaluatorKind, evaluatorId);
  if (runId != null && !(await hasRun(workspace, runId))) throw evaluationRunNotFound(runId);
  return {
    fileId: fileId ?? undefined,
    evaluatorId: evaluatorId ?? undefined,
    runId: runId ?? undefined,
  };
}
