import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { pageSchema } from '../../contract/file.ts';
import {
  nextReviewRequest,
  nextReviewResponse,
  reviewRequest,
  reviewsQuery,
} from '../../contract/reviews.ts';
import {
  giveReview,
  listReviews,
  releaseReview,
  reserveNextReview,
} from '../../evaluation/reviews/reviews.ts';
import type { LogParts } from '../../logs/log-parts.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { listedReviewBodies, wholeReviewBody } from '../wire/review.ts';

const operation = nameOperations({ collection: 'reviews' });
const review = Type.Ref('ReviewResponse');
const params = Type.Object({ id: Type.String() });

/** The queue of logs that people are to judge: `/v5/reviews`. */
export const reviewRoutes =
  (parts: LogParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/',
      {
        schema: {
          ...operation('list'),
          querystring: reviewsQuery,
          ...answers(200, pageSchema(review)),
        },
      },
      async ({ caller: { workspace }, query }) => {
        const { reviews, total } = await listReviews(workspace, query);
        const { page, size } = query;
        return { records: await listedReviewBodies(workspace, reviews), page, size, total };
      },
    );

    app.post(
      '/next',
      {
        schema: {
          ...operation('next'),
          body: nextReviewRequest,
          ...answers(200, nextReviewResponse),
        },
      },
      async ({ caller: { workspace }, body }) => {
        const review = await reserveNextReview(workspace, body);
        return { review: review ? await wholeReviewBody(workspace, review) : null };
      },
    );

    app.post(
      '/:id',
      { schema: { ...operation('give'), params, body: reviewRequest, ...answers(200, review) } },
      async ({ caller: { workspace }, params: { id }, body }) => {
        const { review, isSkipped } = await giveReview(parts, workspace, id, body);
        return wholeReviewBody(workspace, review, isSkipped);
      },
    );

    app.delete(
      '/:id/reservation',
      { schema: { ...operation('release'), params, ...answers(204, Type.Null()) } },
      async ({ caller: { workspace }, params: { id } }, reply) => {
        await releaseReview(workspace, id);
        void reply.code(204);
        return null;
      },
    );
  };
