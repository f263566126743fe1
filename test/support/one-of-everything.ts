import type { FileType } from '../../src/contract/kinds/index.ts';
import { callOf, hello, scripted } from './agents.ts';
import { type Answer, apiKey, type TestApp } from './app.ts';
import { kinds } from './kinds.ts';
import { send } from './refusals.ts';

/** A file with two versions and an open log. `versionId` is the newer version, which is not deployed. */
export interface OwnedFile {
  readonly id: string;
  readonly versionId: string;
  readonly path: string;
  /** Undefined for a kind that has no logs. */
  readonly logId: string | undefined;
}

/** One of everything that an organization can have. */
export interface Everything {
  /** The directory that all of it is in. */
  readonly root: string;
  readonly files: Readonly<Record<FileType, OwnedFile>>;
  /** A version of an evaluator that watches nothing but the prompt. */
  readonly watcherVersionId: string;
  readonly directoryId: string;
  readonly environmentId: string;
  /** The name of a variable of the tool. */
  readonly variable: string;
  /** The vendor that the organization has a key for. */
  readonly provider: string;
  /** The name of a custom endpoint. */
  readonly endpoint: string;
  /** An Evaluation of the prompt, and its Run, which waits for a client. */
  readonly evaluationId: string;
  readonly evaluationRunId: string;
  /** An environment to which nothing is deployed. */
  readonly emptyEnvironmentId: string;
  /** A member, who is signed in nowhere, and the invitation of another. */
  readonly memberId: string;
  readonly invitationId: string;
  readonly apiKeyId: string;
  /** A log that waits for the judgment of a person. */
  readonly reviewId: string;
  /** A log of an agent that waits for the answer to a call of a tool. */
  readonly suspended: { readonly logId: string; readonly toolCallId: string };
}

/** Fields beside those of `kinds`, so that a version runs without a vendor and without inputs. */
const more: Partial<Record<FileType, (version: number) => object>> = {
  tool: () => ({
    function: {
      name: 'multiply',
      description: 'Multiplies two numbers.',
      parameters: {
        type: 'object',
        properties: { a: { type: 'number' }, b: { type: 'number' } },
        required: ['a', 'b'],
      },
    },
    source_code: 'def multiply(a, b):\n    return a * b\n',
  }),
  agent: () => ({ provider: 'mock', template: 'Say it.' }),
  prompt: () => ({ provider: 'mock', template: 'Say it.' }),
  evaluator: (version) => ({
    spec: {
      evaluator_type: 'python',
      arguments_type: 'target_free',
      return_type: 'boolean',
      code: `def judge(log):\n    return log["output"] != "${version}"\n`,
    },
  }),
};

/** Makes one of everything, below a directory, with the key of an organization. */
export async function makeEverything(
  api: Pick<TestApp, 'app'>,
  root: string,
  key = apiKey,
): Promise<Everything> {
  async function post(url: string, body: unknown): Promise<Answer['body']> {
    const headers = { 'x-api-key': key };
    const answer = await send(api, 'POST', `/v5${url}`, JSON.stringify(body), headers);
    if (answer.statusCode >= 300) throw new Error(`${url}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  const files: Partial<Record<FileType, OwnedFile>> = {};
  let environmentId = '';
  for (const { type, collection, hasLogs, definition } of kinds) {
    const path = `${root}/${type}`;
    const { environments } = await post(`/${collection}`, {
      path,
      ...definition(1),
      ...more[type]?.(1),
    });
    const file = await post(`/${collection}`, { path, ...definition(2), ...more[type]?.(2) });
    const judged = type === 'evaluator' ? { parent_id: files.agent?.logId } : {};
    const log = { id: file.id, log_status: 'incomplete', inputs: { a: 1 }, ...judged };
    const logId = hasLogs ? (await post(`/${collection}/log`, log)).id : undefined;
    files[type] = { id: file.id, versionId: file.version_id, path, logId };
    environmentId = environments[0].id;
  }
  const { prompt, tool } = files as Record<FileType, OwnedFile>;
  const watcher = await post('/evaluators', { path: `${root}/watcher`, spec: external });
  const watch = { activate: [{ evaluator_version_id: watcher.version_id }] };
  await post(`/prompts/${prompt.id}/evaluators`, watch);
  await post(`/tools/${tool.id}/environment-variables`, [{ name: 'ROUNDING', value: 'up' }]);
  const run = await post('/agents/call', {
    path: `${root}/suspended`,
    agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]),
    messages: hello,
  });
  await post('/evaluators', { path: `${root}/Judges/Which is better`, spec: choosing });
  const evaluation = await post('/evaluations', {
    name: 'Of everything',
    file: { id: prompt.id },
    evaluators: [{ version_id: watcher.version_id }],
  });
  const evaluationRun = await post(`/evaluations/${evaluation.id}/runs`, {});
  // A log to replay.
  await post('/prompts/log', { id: prompt.id, output: 'It.' });
  const reviewId = await makeReview(post, root);
  const providerKey = await post('/provider-keys', { provider: 'cohere', api_key: root });
  const endpoint = await post('/custom-endpoints', {
    name: slug(root),
    base_url: 'https://llm.example.com/v1',
  });
  const { memberId, invitationId } = await makePeople(api, root, post);
  return {
    root,
    memberId,
    invitationId,
    apiKeyId: (await post('/api-keys', { name: root })).id,
    emptyEnvironmentId: (await post('/environments', { name: `${slug(root)}-empty` })).id,
    files: files as Record<FileType, OwnedFile>,
    watcherVersionId: watcher.version_id,
    directoryId: (await post('/directories', { path: `${root}/directory` })).id,
    environmentId,
    variable: 'ROUNDING',
    evaluationId: evaluation.id,
    evaluationRunId: evaluationRun.id,
    reviewId,
    provider: providerKey.provider,
    endpoint: endpoint.name,
    suspended: { logId: run.id, toolCallId: run.previous_agent_message.tool_calls[0].id },
  };
}

function slug(root: string): string {
  return root.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** Somebody who has accepted an invitation, and somebody who has not. */
async function makePeople(
  api: Pick<TestApp, 'app'>,
  root: string,
  post: (url: string, body: unknown) => Promise<Answer['body']>,
): Promise<Pick<Everything, 'memberId' | 'invitationId'>> {
  const invite = (name: string) =>
    post('/invitations', { email_address: `${name}-${slug(root)}@example.com`, role: 'viewer' });
  const [, token] = (await invite('member')).url.split('#');
  const accepted = { full_name: 'Member', password: 'violet umbrella 4711' };
  const url = `/v5/auth/invitation/${token}`;
  const { body } = await send(api, 'POST', url, JSON.stringify(accepted), { 'x-api-key': '' });
  return { memberId: body.member.id, invitationId: (await invite('invited')).id };
}

/** A log, and a human evaluator that monitors its file. @returns the id of the review. */
export async function makeReview(
  post: (url: string, body: unknown) => Promise<Answer['body']>,
  root: string,
): Promise<string> {
  const person = await post('/evaluators', {
    path: `${root}/person`,
    spec: { ...external, evaluator_type: 'human' },
  });
  const prompt = await post('/prompts', { path: `${root}/reviewed`, model: 'gpt-4o' });
  await post(`/prompts/${prompt.id}/evaluators`, {
    activate: [{ evaluator_version_id: person.version_id }],
  });
  const log = await post('/prompts/log', { id: prompt.id, output: 'Said.' });
  return `${person.version_id}.${log.id}`;
}

const external = {
  evaluator_type: 'external',
  arguments_type: 'target_free',
  return_type: 'boolean',
};

/** An evaluator that says which of two logs is better. */
const choosing = {
  evaluator_type: 'llm',
  arguments_type: 'target_free',
  return_type: 'select',
  options: [{ name: 'A' }, { name: 'B' }, { name: 'tie' }],
  prompt: { provider: 'mock', model: 'mock', endpoint: 'chat', template: 'A or B?' },
};
