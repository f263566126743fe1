import { expect, test } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { addReadyMade } from './add-ready-made.ts';
import { readyMadeEvaluators } from './evaluators.ts';

const { workspace, get, post, delete: remove } = await testApp();
const paths = readyMadeEvaluators.map(({ path }) => path);

async function stored(path: string) {
  return (await post('/files/retrieve-by-path', { path })).body;
}

test('a file that was in the way stays, of whatever kind; all others are added and deployed', async () => {
  const inTheWay = 'Example Evaluators/Code/Latency';
  await post('/tools', { path: inTheWay, function: { name: 'latency', description: 'Mine.' } });
  const added = await addReadyMade(workspace);
  expect(added.toSorted()).toEqual(paths.filter((path) => path !== inTheWay).toSorted());
  expect(await stored(inTheWay)).toMatchObject({ type: 'tool' });

  const { body } = await get('/evaluators?size=50');
  expect(body.records.map(({ path }: { path: string }) => path).toSorted()).toEqual(
    added.toSorted(),
  );
  for (const { environments } of body.records) {
    expect(environments).toMatchObject([{ tag: 'default' }]);
  }
});

test('adding them again adds nothing, and leaves what people changed', async () => {
  const path = 'Example Evaluators/Human/rating';
  const { body: changed } = await post('/evaluators', {
    path,
    description: 'Ours.',
    spec: { evaluator_type: 'human', arguments_type: 'target_free', return_type: 'text' },
  });
  expect(await addReadyMade(workspace)).toEqual([]);
  const { version_id, description, spec } = await stored(path);
  expect(description).toBe('Ours.');
  // The first version is deployed as before, and no third one was made.
  expect(spec.return_type).toBe('select');
  const { body } = await get(`/evaluators/${changed.id}/versions`);
  const versions = body.records.map((version: { version_id: string }) => version.version_id);
  expect(new Set(versions)).toEqual(new Set([version_id, changed.version_id]));
});

test('a deleted one comes back, as a new file', async () => {
  const path = 'Example Evaluators/Code/Cost';
  const { id } = await stored(path);
  await remove(`/evaluators/${id}`);
  expect(await addReadyMade(workspace)).toEqual([path]);
  expect((await stored(path)).id).not.toBe(id);
});

test('storing the same spec over the API makes no new version', async () => {
  for (const path of paths.slice(1)) {
    const { version_id, spec, type } = await stored(path);
    if (type !== 'evaluator') continue;
    const { body } = await post('/evaluators', { path, spec });
    expect.soft(body.version_id).toBe(version_id);
  }
});
