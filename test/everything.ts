import type { FileType } from '../src/files/kinds/index.ts';
import { callOf, hello, scripted } from './agents.ts';
import type { Answer } from './app.ts';
import { kinds } from './kinds.ts';

/** A file, one of its versions, and an open log of it. */
export interface OwnedFile {
  readonly id: string;
  readonly versionId: string;
  readonly path: string;
  /** Of kinds that have logs. */
  readonly logId: string | undefined;
}

/** One of everything that an organization can have. */
export interface Everything {
  readonly files: Readonly<Record<FileType, OwnedFile>>;
  readonly directoryId: string;
  readonly environmentId: string;
  /** The name of a variable of the tool. */
  readonly variable: string;
  /** A log of an agent that waits for the answer to a call of a tool. */
  readonly suspended: { readonly logId: string; readonly toolCallId: string };
}

/** A request with an organization's key, which must be taken. */
type Post = (url: string, body: unknown) => Promise<Answer['body']>;

/** What defines a version beside what `kinds` say: agents and prompts run without a vendor. */
const more: Partial<Record<FileType, object>> = {
  agent: { provider: 'mock' },
  prompt: { provider: 'mock' },
};

/** Makes one of everything, below a directory. */
export async function makeEverything(post: Post, root: string): Promise<Everything> {
  const files: Partial<Record<FileType, OwnedFile>> = {};
  let environmentId = '';
  for (const { type, collection, hasLogs, definition } of kinds) {
    const path = `${root}/${type}`;
    const file = await post(`/${collection}`, { path, ...definition(1), ...more[type] });
    const judged = type === 'evaluator' ? { parent_id: files.agent?.logId } : {};
    const log = { id: file.id, log_status: 'incomplete', ...judged };
    const logId = hasLogs ? (await post(`/${collection}/log`, log)).id : undefined;
    files[type] = { id: file.id, versionId: file.version_id, path, logId };
    environmentId = file.environments[0].id;
  }
  const { evaluator, prompt, tool } = files as Record<FileType, OwnedFile>;
  const watch = { activate: [{ evaluator_version_id: evaluator.versionId }] };
  await post(`/prompts/${prompt.id}/evaluators`, watch);
  await post(`/tools/${tool.id}/environment-variables`, [{ name: 'ROUNDING', value: 'up' }]);
  const run = await post('/agents/call', {
    path: `${root}/suspended`,
    agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]),
    messages: hello,
  });
  return {
    files: files as Record<FileType, OwnedFile>,
    directoryId: (await post('/directories', { path: `${root}/directory` })).id,
    environmentId,
    variable: 'ROUNDING',
    suspended: { logId: run.id, toolCallId: run.previous_agent_message.tool_calls[0].id },
  };
}
