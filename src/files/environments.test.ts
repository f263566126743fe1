import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { withEnvironmentIds } from './environments.ts';
import { agentKind } from './kinds/agent.ts';

const api = await testApp();
const { body: tool } = await api.post('/tools', {
  path: 'environments/tool',
  function: { name: 'add', description: 'Adds.' },
});
const { body: environments } = await api.get(`/tools/${tool.id}/environments`);

let asked = 0;
const counting: KyselyPlugin = {
  transformQuery({ node }) {
    asked += 1;
    return node;
  },
  transformResult: async ({ result }) => result,
};
const workspace = { ...api.workspace, db: api.workspace.db.withPlugin(counting) };

test.each([
  [[undefined, undefined], 0],
  [environments.map(({ id }: { id: string }) => id), 0],
  [['production', ' staging ', 'nowhere', 'staging'], 1],
])('the environments of links %j take %i statements', async (named, statements) => {
  const idOf = (sought: string | undefined) =>
    environments.find(({ name }: { name: string }) => name === sought?.trim())?.id ?? sought;
  const specOf = (ids: readonly (string | undefined)[]) => ({
    tools: ids.map((id) => ({
      type: 'file',
      link: { file_id: tool.id, ...(id === undefined ? {} : { environment_id: id }) },
    })),
  });
  asked = 0;
  const stored = await withEnvironmentIds(workspace, agentKind, specOf(named));
  expect(stored).toEqual(specOf(named.map(idOf)));
  expect(asked).toBe(statements);
});
