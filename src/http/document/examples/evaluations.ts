import type { Evaluation } from '../../../evaluation/evaluations/evaluation.ts';
import type { EvaluationRun } from '../../../evaluation/evaluations/evaluation-run.ts';
import { contentId } from '../../../kernel/ids.ts';
import { fileBody } from '../../../wire/file.ts';
import { evaluationBody, runBody } from '../../wire/evaluation.ts';
import { ada, at, datapoints, politeness, versions } from './files.ts';
import { logAnswer, records } from './logs.ts';

export const evaluationId = contentId('evr', 'Politeness');
export const evaluationRunId = contentId('run', 'Politeness');

const files = new Map(
  [politeness, versions.prompt, versions.dataset].map((version) => [
    version.versionId,
    fileBody(version),
  ]),
);

const evaluation: Evaluation = {
  id: evaluationId,
  fileId: versions.prompt.id,
  name: 'Politeness',
  createdAt: at('10:00:00'),
  updatedAt: at('10:00:00'),
  createdBy: ada,
  runsCount: 1,
  status: 'running',
  evaluators: [{ version: politeness, orchestrated: false, addedAt: at('10:00:00') }],
};

const run: EvaluationRun = {
  id: evaluationRunId,
  dataset: versions.dataset,
  version: versions.prompt,
  orchestrated: false,
  status: 'running',
  name: null,
  metadata: null,
  options: {},
  error: null,
  createdAt: at('10:05:00'),
  createdBy: ada,
  addedAt: at('10:05:00'),
  isControl: false,
  progress: {
    logs: { wanted: datapoints.length, done: 1, failed: 0 },
    judgments: { wanted: datapoints.length, done: 0, failed: 0 },
    waitingFor: ['client'],
  },
  cost: { generation: 0.0000057, judging: 0 },
};

/** Requests about Evaluations and their Runs. */
export const evaluationRequests = {
  create: {
    name: evaluation.name,
    file: { id: versions.prompt.id },
    evaluators: [{ version_id: politeness.versionId }],
  },
  evaluators: { evaluators: [{ version_id: politeness.versionId }] },
  run: {
    dataset: { version_id: versions.dataset.versionId },
    version: { version_id: versions.prompt.versionId },
    orchestrated: false,
  },
  update: { control: true },
  logs: { log_ids: [records.prompt.id] },
  retry: { what: 'errors' },
  replay: {
    version: { version_id: versions.prompt.versionId },
    logs: { last: 50 },
    tools: 'recorded',
    on_miss: 'fail',
  },
};

/** An Evaluation, as answers show it. */
export const evaluationAnswer = evaluationBody(
  evaluation,
  files,
  (id) => `https://loopwright.example.com/evaluations/${id}`,
);

/** A Run, as answers show it. */
export const runAnswer = runBody(run, files);

/** A Run that the others are compared with. */
export const controlAnswer = runBody({ ...run, isControl: true }, files);

const baselineId = contentId('run', 'Baseline');

/** A Run that replays past logs, and the Run that has these logs. */
export const replayAnswer = runBody(
  {
    ...run,
    dataset: null,
    orchestrated: true,
    options: { replay: { tools: 'recorded', on_miss: 'fail', baseline_run_id: baselineId } },
  },
  files,
);
export const baselineAnswer = runBody(
  { ...run, id: baselineId, dataset: null, options: { logs: { last: 50 } } },
  files,
);

/** A log of a Run, as answers show it. */
export const evaluationLogAnswer = {
  run_id: evaluationRunId,
  datapoint: datapoints[0],
  log: logAnswer('prompt'),
  evaluator_logs: [],
};
