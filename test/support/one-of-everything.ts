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
  /** A log of an agent that waits for the answer to a call of a tool. */
  readonly suspended: { readonly logId: string; readonly toolCallId: string };
}

/** Fields beside those of `kinds`, so that a version runs without a vendor and without inputs. */
const more: Partial<Record<FileType, object>> = {
  tool: {
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
  },
  agent: { provider: 'mock', template: 'Say it.' },
  prompt: { provider: 'mock', template: 'Say it.' },
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
      ...more[type],
    });
    const file = await post(`/${collection}`, { path, ...definition(2), ...more[type] });
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
  const providerKey = await post('/provider-keys', { provider: 'cohere', api_key: root });
  return {
    root,
    files: files as Record<FileType, OwnedFile>,
    watcherVersionId: watcher.version_id,
    directoryId: (await post('/directories', { path: `${root}/directory` })).id,
    environmentId,
    variable: 'ROUNDING',
    provider: providerKey.provider,
    suspended: { logId: run.id, toolCallId: run.previous_agent_message.tool_calls[0].id },
  };
}

const external = {
  evaluator_type: 'external',
  arguments_type: 'target_free',
  return_type: 'boolean',
};
