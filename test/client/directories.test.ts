import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop } = await publishedClient();

test('it reads the root by the name `root`', async () => {
  const root = await humanloop.directories.get('root');
  expect(root).toMatchObject({ path: '', parents: [] });
  const made = await humanloop.directories.create({ name: 'At the top', parentId: 'root' });
  expect(made).toMatchObject({ path: 'At the top', parentId: root.id });
});

test('it makes a directory with those above it, and has it back with what is in it', async () => {
  const made = await humanloop.directories.create({ path: 'Bank/Support' });
  expect(made).toMatchObject({
    id: expect.any(String),
    parentId: expect.any(String),
    name: 'Support',
    path: 'Bank/Support',
    tags: [],
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
  });
  const parentId = made.parentId ?? '';
  const below = await humanloop.directories.create({ name: 'Letters', parentId: made.id });
  expect(below).toMatchObject({ path: 'Bank/Support/Letters', parentId: made.id });
  await humanloop.prompts.upsert({ path: 'Bank/Support/prompt', model: 'm' });
  await humanloop.tools.upsert({ path: 'Bank/Support/tool', attributes: {} });
  await humanloop.datasets.upsert({ path: 'Bank/Support/dataset', datapoints: [] });
  await humanloop.flows.upsert({ path: 'Bank/Support/flow', attributes: {} });
  await humanloop.evaluators.upsert({
    path: 'Bank/Support/evaluator',
    spec: { evaluatorType: 'external', argumentsType: 'target_free', returnType: 'text' },
  });
  const got = await humanloop.directories.get(made.id);
  expect(got).toMatchObject({
    id: made.id,
    subdirectories: [{ id: below.id, parentId: made.id, createdAt: expect.any(Date) }],
  });
  expect(got.parents.map(({ path }) => path)).toEqual(expect.arrayContaining(['Bank']));
  expect(got.parents).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: parentId, createdAt: expect.any(Date) }),
    ]),
  );
  const files = got.files.map(({ type, name, versionId, directoryId, lastUsedAt }) => {
    expect(versionId).toEqual(expect.any(String));
    expect(lastUsedAt).toEqual(expect.any(Date));
    expect(directoryId).toBe(made.id);
    return { type, name };
  });
  expect(files.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
    ['dataset', 'evaluator', 'flow', 'prompt', 'tool'].map((type) => ({ type, name: type })),
  );
});

test('it lists all directories, beginning with the root, which has no parent', async () => {
  await humanloop.directories.create({ path: 'listed/below' });
  const listed = await humanloop.directories.list();
  const root = listed.find(({ path }) => path === '');
  expect(root).toMatchObject({ id: expect.any(String), createdAt: expect.any(Date), tags: [] });
  expect(root?.parentId).toBeUndefined();
  const made = listed.find(({ path }) => path === 'listed');
  expect(made).toMatchObject({ name: 'listed', parentId: root?.id });
  expect(listed.find(({ path }) => path === 'listed/below')).toMatchObject({ parentId: made?.id });
});

test('it renames and moves a directory with all that is in it', async () => {
  const { id } = await humanloop.directories.create({ path: 'from/inner' });
  const { id: promptId } = await humanloop.prompts.upsert({ path: 'from/inner/p', model: 'm' });
  const renamed = await humanloop.directories.update(id, { name: 'renamed' });
  expect(renamed).toMatchObject({ id, path: 'from/renamed' });
  const { id: parentId } = await humanloop.directories.create({ path: 'to' });
  const moved = await humanloop.directories.update(id, { parentId });
  expect(moved).toMatchObject({ path: 'to/renamed', parentId });
  const placed = await humanloop.directories.update(id, { path: 'at last/here' });
  expect(placed).toMatchObject({ path: 'at last/here' });
  expect((await humanloop.prompts.get(promptId)).path).toBe('at last/here/p');
});

test('it deletes a directory that is empty, and no other', async () => {
  const { id, parentId } = await humanloop.directories.create({ path: 'full/empty' });
  await expect(humanloop.directories.delete(parentId ?? '')).rejects.toMatchObject({
    statusCode: 409,
    body: { detail: expect.any(String) },
  });
  await humanloop.directories.delete(id);
  await expect(humanloop.directories.get(id)).rejects.toMatchObject({ statusCode: 404 });
});
