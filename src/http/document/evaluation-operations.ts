import {
  baselineAnswer,
  controlAnswer,
  evaluationAnswer,
  evaluationLogAnswer,
  evaluationRequests,
  replayAnswer,
  runAnswer,
} from './examples/evaluations.ts';
import type { OperationText } from './operation-text.ts';

type Operations = Readonly<Record<string, OperationText>>;

const page = { page: 1, size: 10, total: 1 };
const unknownVersion = ['file_not_found', 'version_not_found', 'environment_not_found'];
const unknownRun = ['evaluation_not_found', 'evaluation_run_not_found'];

const ofEvaluations: Operations = {
  evaluations_list: {
    summary: 'List Evaluations of a file',
    description: 'One page of the Evaluations of a file, newest first.',
    returns: 'The Evaluations of the page, and the number of Evaluations of the file.',
    answer: { EvaluationPage: { records: [evaluationAnswer], ...page } },
    refusals: ['file_not_found'],
  },
  evaluations_create: {
    summary: 'Create an Evaluation',
    description:
      'Creates a named set of evaluators on a file. Its Runs are added later. If the file has an Evaluation of this name, the request is refused, and the answer has the id of that one as `evaluation_id`.',
    returns: 'The Evaluation.',
    request: { EvaluationCreate: evaluationRequests.create },
    answer: { Evaluation: evaluationAnswer },
    refusals: ['evaluation_name_taken', ...unknownVersion],
  },
  evaluations_get: {
    summary: 'Get an Evaluation',
    description: 'An Evaluation with its evaluators.',
    returns: 'The Evaluation.',
    answer: { Evaluation: evaluationAnswer },
    refusals: ['evaluation_not_found'],
  },
  evaluations_delete: {
    summary: 'Delete an Evaluation',
    description:
      'Deletes an Evaluation. Its Runs that are in no other Evaluation are cancelled. Logs and judgments stay.',
    returns: 'No content.',
    refusals: ['evaluation_not_found'],
  },
  evaluations_add_evaluators: {
    summary: 'Add evaluators to an Evaluation',
    description:
      'Adds evaluators, which judge the logs of all Runs of the Evaluation, except those of cancelled Runs. Evaluators that are there already stay as they are.',
    returns: 'The Evaluation.',
    request: { EvaluatorsToAdd: evaluationRequests.evaluators },
    answer: { Evaluation: evaluationAnswer },
    refusals: ['evaluation_not_found', ...unknownVersion],
  },
  evaluations_remove_evaluator: {
    summary: 'Remove an evaluator from an Evaluation',
    description:
      'Removes a version of an evaluator. It judges no further logs; its judgments stay as logs, but the statistics no longer show them.',
    returns: 'The Evaluation.',
    answer: { Evaluation: evaluationAnswer },
    refusals: ['evaluation_not_found', 'version_not_found'],
  },
  evaluations_get_logs: {
    summary: 'List logs of an Evaluation',
    description:
      'One page of the logs of the Runs of an Evaluation: newest Runs first, in a Run in the order of its dataset.',
    returns: 'The logs of the page with their datapoints and judgments, and the number of logs.',
    answer: { EvaluationLogPage: { records: [evaluationLogAnswer], ...page } },
    refusals: unknownRun,
  },
};

const ofRuns: Operations = {
  evaluations_list_runs_for_evaluation: {
    summary: 'List Runs of an Evaluation',
    description: 'All Runs of an Evaluation, newest first.',
    returns: 'The Runs.',
    answer: { EvaluationRuns: { runs: [runAnswer] } },
    refusals: ['evaluation_not_found'],
  },
  evaluations_create_run: {
    summary: 'Create a Run of an Evaluation',
    description:
      'Creates a Run: logs that the evaluators of the Evaluation judge. With a `dataset` and a `version`, the server calls the version for each datapoint. With `orchestrated: false` you run it yourself, and log each run with `run_id` and `source_datapoint_id`. With `logs`, the Run has existing logs. A Run goes on by itself, whatever happens to the server.',
    returns: 'The Run.',
    request: { EvaluationRunCreate: evaluationRequests.run },
    answer: { EvaluationRun: runAnswer },
    refusals: ['evaluation_not_found', 'not_orchestratable', ...unknownVersion],
  },
  evaluations_add_existing_run: {
    summary: 'Add an existing Run to an Evaluation',
    description:
      'Adds a Run of another Evaluation, whose logs the evaluators of this one then judge, too. A Run that is there already stays as it is.',
    returns: 'The Run.',
    answer: { EvaluationRun: runAnswer },
    refusals: unknownRun,
  },
  evaluations_remove_run: {
    summary: 'Remove a Run from an Evaluation',
    description:
      'Removes a Run. One that is in no other Evaluation is cancelled. Its logs and judgments stay.',
    returns: 'No content.',
    refusals: unknownRun,
  },
  evaluations_update_evaluation_run: {
    summary: 'Update a Run of an Evaluation',
    description:
      'Makes a Run the control, with which the others are compared, or ends it. An Evaluation has at most one control.',
    returns: 'The Run.',
    request: { EvaluationRunUpdate: evaluationRequests.update },
    answer: { EvaluationRunUpdated: controlAnswer },
    refusals: [...unknownRun, 'evaluation_run_ended'],
  },
  evaluations_add_logs_to_run: {
    summary: 'Add logs to a Run of an Evaluation',
    description:
      'Adds existing logs of the file to a Run: all, or none. A log that was made from a datapoint of the Run takes its place. Logs that are there already are passed over.',
    returns: 'The Run.',
    request: { LogsToAdd: evaluationRequests.logs },
    answer: { EvaluationRun: runAnswer },
    refusals: [...unknownRun, 'log_not_found', 'evaluation_run_ended'],
  },
  evaluations_retry_run: {
    summary: 'Retry parts of a Run of an Evaluation',
    description:
      'Makes logs and judgments again: those with an error, those that are missing, or all. A Run that has ended is open again.',
    returns: 'The Run.',
    request: { EvaluationRunRetry: evaluationRequests.retry },
    answer: { EvaluationRun: runAnswer },
    refusals: unknownRun,
  },
  evaluations_create_replay: {
    summary: 'Replay past logs on another version',
    description:
      'Calls a version again for past logs of its file, with the inputs, messages and user of each: for the newest 50, unless `logs` says which. The new logs are a Run, and the past logs are another Run, the baseline. The evaluators judge both. With recorded tools, tool calls get the results that the past log has, and no tool is run. The metadata of each new log has `replayed_from`, the id of the past log, and `first_difference`, which is null or has the `turn` and `kind` of the first difference.',
    returns: 'Both Runs.',
    request: { ReplayCreate: evaluationRequests.replay },
    answer: { ReplayRuns: { run: replayAnswer, baseline: baselineAnswer } },
    refusals: ['evaluation_not_found', 'not_orchestratable', ...unknownVersion],
  },
};

/** The texts of the operations of Evaluations. */
export const evaluationOperations: Operations = { ...ofEvaluations, ...ofRuns };
