import {
  alreadyAMember,
  apiKeyNotFound,
  insufficientScope,
  invitationNotFound,
  lastOwner,
  linkNotFound,
  memberNotFound,
  roleAboveYours,
  sessionNotFound,
  tooManyTries,
  wrongCredentials,
} from '../../accounts/errors.ts';
import { customEndpointExists, customEndpointNotFound } from '../../custom-endpoints/errors.ts';
import {
  evaluationNameTaken,
  evaluationNotFound,
  evaluationRunEnded,
  evaluationRunNotFound,
  notOrchestratable,
} from '../../evaluation/errors.ts';
import { reviewNotFound, reviewTaken } from '../../evaluation/reviews/errors.ts';
import { reviewIdOf } from '../../evaluation/reviews/review-id.ts';
import {
  deploymentChanged,
  directoryCycle,
  directoryExists,
  directoryNotEmpty,
  directoryNotFound,
  environmentInUse,
  environmentIsDefault,
  environmentNameTaken,
  environmentNotFound,
  fileNotFound,
  lastVersion,
  notDeployed,
  nothingDeployed,
  pathTaken,
  rootDirectory,
  variableNotFound,
  versionDeployed,
  versionNameTaken,
  versionNotFound,
} from '../../files/errors.ts';
import { idempotencyKeyReused } from '../../idempotency/errors.ts';
import { contentId } from '../../kernel/ids.ts';
import {
  logComplete,
  logIdTaken,
  logNotFound,
  runUnderWay,
  traceComplete,
} from '../../logs/errors.ts';
import { providerKeyNotFound } from '../../provider-keys/errors.ts';
import {
  cannotFork,
  continueUnderWay,
  eventsGone,
  notSuspended,
  parentUnderWay,
  runEnded,
  serverStopping,
  tooManyRuns,
} from '../../runtime/runs/errors.ts';
import { crossSiteRequest, sessionRequired } from '../server/errors.ts';
import { agentContinue } from './examples/agent-run.ts';
import { evaluationId, evaluationRunId } from './examples/evaluations.ts';
import { at, production, versions } from './examples/files.ts';
import { flowLogId } from './examples/logs.ts';
import { upserts } from './examples/upserts.ts';

const request_id = contentId('req', 'refused');
const { id, versionId, path } = versions.agent;
const reviewId = reviewIdOf({ logId: flowLogId, evaluatorVersionId: versions.evaluator.versionId });

/** Who was first. */
const ada = { id: contentId('usr', 'ada'), email_address: 'ada@example.com', full_name: 'Ada' };

/** Bodies of refusals, by code. */
export const refusalBodies: Readonly<Record<string, unknown>> = {
  unauthenticated: {
    detail: 'This API key is not valid.',
    code: 'unauthenticated',
    request_id,
  },
  provider_unavailable: {
    detail: {
      type: 'provider_unavailable_error',
      message: 'The server had an error.',
      code: 502,
      origin: 'OpenAI',
    },
    code: 'provider_unavailable',
    request_id,
    log_id: contentId('log', path),
  },
  python_busy: {
    detail: 'All Python processes of this server are busy. Try again later.',
    code: 'python_busy',
    request_id,
  },
  ...Object.fromEntries(
    [
      insufficientScope('write'),
      roleAboveYours(),
      sessionRequired(),
      crossSiteRequest(),
      wrongCredentials(),
      tooManyTries(60),
      linkNotFound(),
      lastOwner(),
      alreadyAMember('grace@example.com'),
      memberNotFound(contentId('usr', 'grace')),
      invitationNotFound(contentId('inv', 'grace')),
      sessionNotFound(contentId('ses', 'ada')),
      apiKeyNotFound(contentId('key', 'nightly')),
      fileNotFound(id),
      versionNotFound(versionId),
      environmentNotFound('staging'),
      environmentNameTaken('review'),
      environmentIsDefault(production.name),
      environmentInUse('staging', 3),
      nothingDeployed('staging'),
      notDeployed('staging'),
      deploymentChanged(production.name, {
        version_id: versionId,
        deployed_at: at('09:45:00'),
        deployed_by: ada,
      }),
      versionDeployed(versionId, production.name),
      lastVersion(versionId),
      versionNameTaken('v1'),
      pathTaken(path, 'agent'),
      directoryNotFound(contentId('dir', 'Nowhere')),
      directoryExists('Banking'),
      directoryNotEmpty('Banking'),
      directoryCycle('Banking'),
      rootDirectory(),
      variableNotFound('CURRENCY_API_KEY'),
      providerKeyNotFound('openai'),
      customEndpointNotFound('my-llama'),
      customEndpointExists('my-llama'),
      logNotFound(flowLogId),
      logIdTaken('order-4711'),
      logComplete(flowLogId),
      traceComplete(flowLogId),
      runUnderWay(contentId('log', upserts.agent.path)),
      notSuspended(agentContinue.log_id, 'it is complete.'),
      continueUnderWay(agentContinue.log_id, { member: ada, api_key: null }),
      cannotFork(flowLogId, 'it is not the log of an agent.'),
      idempotencyKeyReused('order-4711-paid'),
      parentUnderWay(agentContinue.log_id, contentId('log', upserts.agent.path)),
      runEnded(agentContinue.log_id),
      eventsGone(agentContinue.log_id),
      serverStopping(),
      tooManyRuns(20),
      evaluationNotFound(evaluationId),
      evaluationRunNotFound(evaluationRunId),
      evaluationRunEnded(evaluationRunId, 'completed'),
      evaluationNameTaken('Politeness', evaluationId),
      notOrchestratable('The server cannot run files of type `flow`.'),
      reviewNotFound(reviewId),
      reviewTaken(reviewId),
    ].map(({ code, message, fields }) => [code, { detail: message, code, request_id, ...fields }]),
  ),
};
