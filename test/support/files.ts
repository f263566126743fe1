import type { FileType } from '../../src/contract/kinds/index.ts';
import { kindOf } from '../../src/files/kinds/index.ts';
import { upsertVersion } from '../../src/files/upsert-version.ts';
import type { Answer, TestApp } from './app.ts';

/** The smallest spec of each kind. */
const least: Readonly<Record<FileType, Readonly<Record<string, unknown>>>> = {
  agent: { model: 'm' },
  prompt: { model: 'm' },
  tool: {},
  flow: { attributes: {} },
  evaluator: {
    spec: { evaluator_type: 'external', arguments_type: 'target_free', return_type: 'boolean' },
  },
  dataset: { datapoints_count: 0 },
};

/** A file of any kind, with the smallest spec of its kind, or with this one. */
export function fileOfKind(
  { workspace }: Pick<TestApp, 'workspace'>,
  type: FileType,
  path: string,
  spec: Readonly<Record<string, unknown>> = least[type],
) {
  return upsertVersion(workspace, kindOf(type), { path, spec });
}

/** An agent with a version for each model, in their order. The first one is deployed. */
export async function agentVersions(
  api: Pick<TestApp, 'post'>,
  path: string,
  ...models: string[]
): Promise<[Answer['body'], Answer['body'], ...Answer['body'][]]> {
  const versions: Answer['body'][] = [];
  for (const model of models) versions.push((await api.post('/agents', { path, model })).body);
  return versions as [Answer['body'], Answer['body']];
}

/** The ids of the organization's environments, by their names. */
export async function environmentIds(
  { get }: Pick<TestApp, 'get'>,
  agentId: string,
): Promise<Readonly<Record<'production' | 'staging' | 'development', string>>> {
  const { body } = await get(`/agents/${agentId}/environments`);
  const [production, staging, development] = body.map(({ id }: Answer['body']) => id);
  return { production, staging, development };
}
