import type { FileVersion } from '../../files/file-version.ts';
import { fileBody } from '../../wire/file.ts';
import { at, politeness, versions } from './examples/files.ts';
import { logAnswer, records } from './examples/logs.ts';
import type { OperationText } from './operation-text.ts';

const reviewer = {
  ...politeness,
  spec: {
    spec: {
      evaluator_type: 'human',
      arguments_type: 'target_free',
      return_type: 'boolean',
      instructions: 'Is the answer polite?',
    },
  },
} as FileVersion;

const reservedReview = {
  id: `${politeness.versionId}.${records.prompt.id}`,
  state: 'reserved',
  log: logAnswer('prompt'),
  evaluator: fileBody(reviewer),
  run_ids: [],
  reserved_until: at('10:30:00'),
  reviews_per_log: 1,
  reviews_count: 0,
  reviews: null,
};

/** The texts of the operations on reviews, and on how far judges agree. */
export const reviewOperations: Readonly<Record<string, OperationText>> = {
  reviews_list: {
    summary: 'List reviews',
    description:
      'One page of the logs that people are to judge: ready logs of open Runs with a human evaluator, and of files that a human evaluator monitors, as long as fewer people have judged them than `reviews_per_log` in the attributes of the evaluator says (1 without it). Logs of Runs come first, then the oldest.',
    returns: 'The reviews of the page, and the number of matching reviews.',
    answer: {
      ReviewPage: {
        records: [{ ...reservedReview, state: 'open', reserved_until: null }],
        page: 1,
        size: 10,
        total: 1,
      },
    },
    refusals: ['file_not_found', 'evaluation_run_not_found'],
  },
  reviews_next: {
    summary: 'Reserve the next review',
    description:
      'Reserves the first open review for you, for 30 minutes. Every call reserves another one, and two people never get the same place.',
    returns: 'The review with its whole log, without any judgments; null when nothing is open.',
    request: { NextReview: { file_id: versions.prompt.id } },
    answer: { ReservedReview: { review: reservedReview } },
    refusals: ['file_not_found', 'evaluation_run_not_found'],
  },
  reviews_give: {
    summary: 'Judge or skip a log',
    description:
      'Writes an evaluator log with your judgment, whose `user` is your id. A second judgment replaces your first. With `skip` you are not given this log again. Your reservation ends.',
    returns: 'The review; once you have judged, with the judgments of all reviewers.',
    request: {
      Review: { judgment: true, note: 'Friendly, and to the point.' },
      SkippedReview: { skip: true },
    },
    answer: {
      GivenReview: {
        ...reservedReview,
        state: 'done',
        reserved_until: null,
        reviews_count: 1,
        reviews: [logAnswer('evaluator')],
      },
    },
    refusals: ['review_not_found', 'review_taken'],
  },
  reviews_release: {
    summary: 'Give a review back',
    description:
      'Ends your reservation of a review: it goes to whoever asks next. Nothing happens if you have not reserved it.',
    returns: 'No content.',
    refusals: ['review_not_found'],
  },
  evaluators_agreement: {
    summary: 'Measure how far judges agree',
    description:
      'Without `with`, compares the people who judge with an evaluator, by Krippendorff’s α. With `with`, compares two evaluators, such as a model and people: by accuracy, Cohen’s κ and a confusion matrix, or by the correlation of their numbers. Where several people judged one log, what most of them said is compared, or the mean of their numbers.',
    returns: 'The measures, and the logs on which the judgments differ.',
    answer: {
      Agreement: {
        evaluator_id: versions.evaluator.id,
        with_evaluator_id: politeness.id,
        run_id: null,
        return_type: 'boolean',
        logs_count: 50,
        judges: [{ user: null, judgments_count: 50 }],
        alpha: null,
        accuracy: 0.7,
        kappa: 0.4,
        pearson: null,
        confusion: {
          labels: ['true', 'false'],
          counts: [
            [20, 5],
            [10, 15],
          ],
        },
        disagreements_count: 15,
        disagreements: [
          {
            log_id: records.prompt.id,
            judgments: [
              { evaluator_id: versions.evaluator.id, user: null, judgment: true },
              { evaluator_id: politeness.id, user: null, judgment: false },
            ],
          },
        ],
      },
    },
    refusals: ['file_not_found', 'evaluation_run_not_found'],
  },
};
