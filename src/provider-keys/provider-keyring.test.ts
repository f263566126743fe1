import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { addOrganization } from '../../test/support/organizations.ts';
import type { ModelProvider } from '../contract/providers.ts';
import { inTransaction, openWorkspace, type Workspace } from '../database/workspace.ts';
import { secretBox } from '../kernel/secret-box.ts';
import { bedrockProvider } from '../providers/bedrock/bedrock-provider.ts';
import { ProviderKeyring } from './provider-keyring.ts';

const database = await testDatabase();
const secrets = secretBox(Buffer.alloc(32, 1));

let organizations = 0;
async function newWorkspace(): Promise<Workspace> {
  organizations += 1;
  const { organizationId } = await addOrganization({ database }, `key-${organizations}`);
  return openWorkspace(database, organizationId);
}

/** The keyring of a server whose clock moves only when the test sets it. */
function keyringAt(clock: { ms: number }, box = secrets): ProviderKeyring {
  return new ProviderKeyring({ secrets: box, providers: {}, now: () => clock.ms });
}

async function keyIn(
  keyring: ProviderKeyring,
  workspace: Workspace,
  provider: ModelProvider = 'openai',
): Promise<string | undefined> {
  return (await keyring.keysFor(workspace)).get(provider)?.open();
}

const openai = (api_key: string) => ({ provider: 'openai' as const, api_key });

test('a change counts at once where it was made, and a second later on other servers', async () => {
  const workspace = await newWorkspace();
  const clock = { ms: 0 };
  const [one, other] = [keyringAt(clock), keyringAt(clock)];
  expect(await keyIn(other, workspace)).toBeUndefined();
  await one.set(workspace, openai('first'));
  expect(await keyIn(one, workspace)).toBe('first');
  clock.ms = 999;
  expect(await keyIn(other, workspace)).toBeUndefined();
  clock.ms = 1_000;
  expect(await keyIn(other, workspace)).toBe('first');
  await one.set(workspace, openai('second'));
  expect(await keyIn(one, workspace)).toBe('second');
  await one.delete(workspace, 'openai');
  expect(await keyIn(one, workspace)).toBeUndefined();
  expect(await keyIn(other, workspace)).toBe('first');
  clock.ms = 2_000;
  expect(await keyIn(other, workspace)).toBeUndefined();
});

test('keys are read once in a second, however many calls ask', async () => {
  const workspace = await newWorkspace();
  const clock = { ms: 0 };
  const keyring = keyringAt(clock);
  await Promise.all(Array.from({ length: 20 }, () => keyring.keysFor(workspace)));
  const before = await keyring.keysFor(workspace);
  clock.ms = 999;
  expect(await keyring.keysFor(workspace)).toBe(before);
  clock.ms = 1_000;
  expect(await keyring.keysFor(workspace)).not.toBe(before);
});

test('what is read while a change is not committed yet is not taken for what comes after it', async () => {
  const workspace = await newWorkspace();
  const clock = { ms: 0 };
  const keyring = keyringAt(clock);
  await keyring.set(workspace, openai('old'));
  clock.ms = 1_000;
  expect(await keyIn(keyring, workspace)).toBe('old');
  await inTransaction(workspace, async (within) => {
    await keyring.set(within, openai('new'));
    expect(await keyIn(keyring, workspace)).toBe('old');
  });
  expect(await keyIn(keyring, workspace)).toBe('new');
});

test('a key that is read while another one takes its place is not kept', async () => {
  const workspace = await newWorkspace();
  const clock = { ms: 0 };
  const keyring = keyringAt(clock);
  for (let round = 0; round < 20; round++) {
    clock.ms += 1_000;
    const api_key = `key-${round}`;
    await Promise.all([keyring.keysFor(workspace), keyring.set(workspace, openai(api_key))]);
    expect(await keyIn(keyring, workspace)).toBe(api_key);
  }
});

test('keys of another organization are not there', async () => {
  const [ours, theirs] = [await newWorkspace(), await newWorkspace()];
  const keyring = keyringAt({ ms: 0 });
  await Promise.all([
    keyring.set(ours, openai('ours')),
    keyring.set(theirs, openai('theirs')),
    keyring.set(theirs, { provider: 'groq', api_key: 'only-theirs' }),
  ]);
  expect(await keyIn(keyring, ours)).toBe('ours');
  expect(await keyIn(keyring, theirs)).toBe('theirs');
  expect(await keyIn(keyring, ours, 'groq')).toBeUndefined();
  await expect(keyring.delete(ours, 'groq')).rejects.toMatchObject({
    code: 'provider_key_not_found',
  });
  await keyring.delete(ours, 'openai');
  expect(await keyIn(keyring, theirs)).toBe('theirs');
});

test('a key opens as that of its organization, vendor and endpoint alone', async () => {
  const [ours, theirs] = [await newWorkspace(), await newWorkspace()];
  const endpoint = 'https://ours.openai.azure.com';
  const azure = { provider: 'openai_azure' as const, api_key: 'a-key', endpoint };
  await keyringAt({ ms: 0 }).set(ours, azure);
  await keyringAt({ ms: 0 }).set(theirs, azure);
  const key = 'SELECT sealed_key FROM provider_key WHERE organization_id = $1';
  const copied = async (
    workspace: Workspace,
    change: string,
    ...values: string[]
  ): Promise<readonly boolean[]> => {
    await database.pool.query(`UPDATE provider_key SET ${change} WHERE organization_id = $1`, [
      workspace.organizationId,
      ...values,
    ]);
    return (await keyringAt({ ms: 0 }).list(workspace)).map(({ usable }) => usable);
  };
  expect(await copied(ours, "hint = '…key1'")).toEqual([true]);
  expect(await copied(ours, "endpoint = 'https://mine.openai.azure.com'")).toEqual([false]);
  expect(await copied(ours, 'endpoint = $2', endpoint)).toEqual([true]);
  expect(await copied(ours, "provider = 'openai'")).toEqual([false]);
  expect(
    await copied(theirs, `sealed_key = (${key.replace('$1', '$2')})`, ours.organizationId),
  ).toEqual([false]);
});

test('after a change of the secret key the previous one still opens; an older one does not', async () => {
  const workspace = await newWorkspace();
  const [oldest, old, current] = [2, 3, 4].map((n) => Buffer.alloc(32, n)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  await keyringAt({ ms: 0 }, secretBox(oldest)).set(workspace, openai('sk-1'));
  expect(await keyIn(keyringAt({ ms: 0 }, secretBox(old, oldest)), workspace)).toBe('sk-1');

  const later = keyringAt({ ms: 0 }, secretBox(current, old));
  await expect(keyIn(later, workspace)).rejects.toMatchObject({
    category: 'invalid',
    code: 'provider_key_unreadable',
  });
  expect(await later.list(workspace)).toMatchObject([{ provider: 'openai', usable: false }]);
  expect(await later.set(workspace, openai('sk-2'))).toMatchObject({ usable: true });
  expect(await keyIn(later, workspace)).toBe('sk-2');
});

test.each([
  ['sk-proj-0123456789-wxyz', '…wxyz'],
  ['0123456789ab', '…89ab'],
  ['0123456789a', null],
  ['eu-west-3:AKIA0123456789:secret-of-many-letters', '…ters'],
  ['eu-west-3:AKIA0123456789:short', null],
])('of %s is shown: %s', async (api_key, hint) => {
  const workspace = await newWorkspace();
  const keyring = keyringAt({ ms: 0 });
  expect((await keyring.set(workspace, { provider: 'bedrock', api_key })).hint).toBe(hint);
});

test('a key for Amazon Bedrock has one of its forms, and a region from somewhere', async () => {
  const workspace = await newWorkspace();
  const bedrock = bedrockProvider({ apiKey: undefined, region: undefined, baseUrl: undefined });
  const keyring = new ProviderKeyring({ secrets, providers: { bedrock } });
  const set = (api_key: string) => keyring.set(workspace, { provider: 'bedrock', api_key });
  for (const key of ['eu-west-3:abc', 'eu-west-3:AKIA1:secret', 'eu-west-3:AKIA1:secret:token']) {
    expect(await set(key)).toMatchObject({ usable: true });
  }
  for (const [key, reason] of [
    ['eu-west-3:AKIA1::token', 'neither an API key nor'],
    ['eu-west-3:AKIA1:secret:token:more', 'neither an API key nor'],
    ['AKIA1:secret', 'there is no region'],
  ] as const) {
    const refused = expect(set(key)).rejects;
    await refused.toMatchObject({
      code: 'invalid',
      faults: [{ loc: ['body', 'api_key'], msg: expect.stringContaining(reason) }],
    });
  }
});
