import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { inline } from './bank.ts';
import { keyboardOf } from './keyboard.ts';
import { newMember, postAs } from './people.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;
const tom = await newMember(server, 'editor', 'Tom Reed');

interface Version {
  readonly id: string;
  readonly version_id: string;
}

/** Stores a version of an agent of the mock provider. */
async function store(path: string, fields: object): Promise<Version> {
  const { status, body } = await server.post('/v5/agents', {
    path,
    provider: 'mock',
    model: 'small',
    ...fields,
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
}

const says = (content: string) => ({ template: [{ role: 'system', content }] });

/** An agent with three versions, the first of which is deployed to the default environment. */
async function history(path: string): Promise<readonly [Version, Version, Version]> {
  const balance = inline('get_balance', { account: { type: 'string' } });
  return [
    await store(path, {
      ...says('You are a careful bank teller. Address {{customer}} politely.'),
      temperature: 0.2,
      tools: [balance],
      version_name: 'first',
    }),
    await store(path, {
      ...says('You are a friendly bank teller. Address {{customer}} politely, by name.'),
      model: 'large',
      tools: [balance, inline('transfer_funds', { to: { type: 'string' } })],
      version_description: 'Friendlier, and it can send money.',
    }),
    await store(path, {
      ...says('You are a friendly bank teller. Address {{customer}} politely, by name. Be brief.'),
      model: 'large',
      tools: [inline('transfer_funds', { to: { type: 'string' }, amount: { type: 'number' } })],
    }),
  ];
}

const list = (page: Page) => page.getByRole('list', { name: 'Versions, the newest first' });
const differences = (page: Page) => page.getByRole('region', { name: 'Differences' });

let teller: readonly [Version, Version, Version];

beforeAll(async () => {
  teller = await history('Banking/Versioned Teller');
});

testLooks(
  'versions',
  ui,
  () => `/f/${teller[0].id}/versions`,
  async (page) => {
    await list(page).getByText('production').waitFor();
    await differences(page).getByRole('insertion').filter({ hasText: 'Be brief.' }).waitFor();
  },
);

test('two versions are compared by field, and the address says which', async () => {
  const page = await ui.open(`/f/${teller[0].id}/versions`);
  await list(page).getByRole('button', { name: /^#/ }).last().click();
  await differences(page).getByText('large').waitFor();
  const shown = differences(page);
  await shown.getByRole('insertion').filter({ hasText: 'friendly' }).waitFor();
  expect(await shown.getByRole('deletion').allTextContents()).toEqual(
    expect.arrayContaining(['small', 'careful', '0.2']),
  );
  expect(await shown.getByRole('insertion').allTextContents()).toEqual(
    expect.arrayContaining(['large', 'friendly', ', by name']),
  );
  await shown.getByText('transfer_funds', { exact: true }).waitFor();
  const [first, second] = teller;
  await expect
    .poll(() => new URL(page.url()).searchParams.get('diff'))
    .toBe(`${first.version_id}..${second.version_id}`);
  await page.getByRole('button', { name: 'Side by side' }).click();
  await takePicture(page, 'versions-side-by-side');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'As file' }).click();
  await shown.getByText('provider: mock').waitFor();
  await takePicture(page, 'versions-as-file');
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('the first version is shown whole, and any two can be chosen', async () => {
  const page = await ui.open(`/f/${teller[0].id}/versions?diff=..${teller[0].version_id}`);
  await differences(page).getByText('get_balance', { exact: true }).waitFor();
  await page
    .getByRole('combobox', { name: 'With', exact: true })
    .selectOption(teller[2].version_id);
  await page.getByRole('combobox', { name: 'Compare' }).selectOption(teller[0].version_id);
  await differences(page).getByText('removed', { exact: true }).first().waitFor();
  await page.goBack();
  await page.goBack();
  await expect.poll(() => new URL(page.url()).search).toBe(`?diff=..${teller[0].version_id}`);
});

test('by Shift and a click, or a checkbox, any two versions are compared, the older one first', async () => {
  const page = await ui.open(`/f/${teller[0].id}/versions`);
  const [first, second, third] = teller.map(({ version_id: id }) => id);
  const diff = () => new URL(page.url()).searchParams.get('diff');
  const rows = list(page).getByRole('listitem');
  await rows
    .last()
    .getByRole('button', { name: /^first/ })
    .click({ modifiers: ['Shift'] });
  await expect.poll(diff).toBe(`${first}..${third}`);
  await differences(page).getByRole('deletion').filter({ hasText: 'careful' }).waitFor();
  await rows.nth(0).getByRole('checkbox').uncheck();
  await expect.poll(diff).toBe(`..${first}`);
  await rows.nth(1).getByRole('checkbox').check();
  await expect.poll(diff).toBe(`${first}..${second}`);
  await expect.poll(() => list(page).getByRole('checkbox', { checked: true }).count()).toBe(2);
});

test('by keyboard alone two versions are compared, and one is deployed, taken back, and rolled back to', async () => {
  const [first, , third] = await history('Deploys/By keyboard');
  const page = await ui.open(`/f/${first.id}/versions`);
  const keys = keyboardOf(page);
  const rows = list(page).getByRole('listitem');
  await keys.to(rows.last().getByRole('checkbox'));
  await keys.press('Space');
  await differences(page).getByRole('deletion').filter({ hasText: 'careful' }).waitFor();
  await keys.activate(page.getByRole('button', { name: 'As file' }));
  await differences(page).getByText('provider: mock').waitFor();
  await keys.activate(page.getByRole('button', { name: 'Unified' }));
  const newest = rows.first();
  await keys.pick(newest.getByRole('button', { name: /^Actions for/ }), 'Deploy…');
  const dialog = page.getByRole('dialog', { name: /^Deploy #/ });
  await dialog.getByText('Be brief.').waitFor();
  await takePicture(page, 'deploy');
  expect(await accessibilityFaults(page)).toEqual([]);
  await keys.activate(dialog.getByRole('button', { name: 'Deploy to production' }));
  await newest.getByText('production').waitFor();
  await expect.poll(() => deployed(first.id)).toBe(third.version_id);
  await keys.activate(page.getByRole('button', { name: 'Undo' }));
  await rows.last().getByText('production').waitFor();
  await expect.poll(() => deployed(first.id)).toBe(first.version_id);
  await keys.pick(newest.getByRole('button', { name: /^Actions for/ }), 'Deploy…');
  await keys.activate(dialog.getByRole('button', { name: 'Deploy to production' }));
  await newest.getByText('production').waitFor();
  await keys.pick(rows.last().getByRole('button', { name: 'Actions for first' }), 'Deploy…');
  await keys.activate(page.getByRole('button', { name: 'Roll back production' }));
  await rows.last().getByText('production').waitFor();
  await expect.poll(() => deployed(first.id)).toBe(first.version_id);
});

test('an older version rolls an environment back, and a file is taken out of one', async () => {
  const [first, , third] = await history('Deploys/Back');
  const { body } = await server.get(`/v5/agents/${first.id}/environments`);
  const production = body.find(({ tag }: { tag: string }) => tag === 'default').id;
  await server.post(
    `/v5/agents/${first.id}/environments/${production}?version_id=${third.version_id}`,
    {},
  );
  const page = await ui.open(`/f/${first.id}/versions`);
  await list(page).getByRole('button', { name: 'Actions for first' }).click();
  await page.getByRole('menuitem', { name: 'Deploy…' }).click();
  await page.getByRole('button', { name: 'Roll back production' }).click();
  await list(page).getByRole('listitem').last().getByText('production').waitFor();
  await list(page).getByRole('button', { name: 'Actions for first' }).click();
  await page.getByRole('menuitem', { name: 'Take out of production…' }).click();
  await page.getByRole('button', { name: 'Take it out of production' }).click();
  await expect.poll(() => list(page).getByText('production').count()).toBe(0);
  await expect.poll(() => deployed(first.id)).toBeUndefined();
});

/** The version in the default environment. */
async function deployed(id: string): Promise<string> {
  const { body } = await server.get(`/v5/agents/${id}/environments`);
  return body.find(({ tag }: { tag: string }) => tag === 'default').file?.version_id;
}

test('what somebody else deploys meanwhile is shown, and said', async () => {
  const [first, second] = await history('Deploys/Two people');
  const page = await ui.open(`/f/${first.id}/versions`);
  await list(page).getByRole('listitem').last().getByText('production').waitFor();
  const { body } = await server.get(`/v5/agents/${first.id}/environments`);
  const [production] = body;
  await server.post(
    `/v5/agents/${first.id}/environments/${production.id}?version_id=${second.version_id}`,
    {},
  );
  await page.getByText(/^Somebody else deployed #\w+ to production$/).waitFor();
  await list(page).getByRole('listitem').nth(1).getByText('production').waitFor();
});

test('who deploys second is told who was first, sees what changes now, and decides', async () => {
  const [first, second, third] = await history('Deploys/Second');
  const production = `/v5/agents/${first.id}/environments/production`;
  const page = await ui.open(`/f/${first.id}/versions`, { expectedError: /status of 409/ });
  // Somebody deploys in the moment in which one presses the button.
  let isFirst = true;
  await page.route('**/environments/*?version_id=*', async (route) => {
    if (isFirst) await postAs(server, tom, `${production}?version_id=${second.version_id}`);
    isFirst = false;
    await route.continue();
  });
  await list(page).getByRole('listitem').first().waitFor();
  await page.getByRole('button', { name: 'Deploy…', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Deploy #/ });
  await dialog.getByRole('button', { name: 'Deploy to production' }).click();
  await dialog.getByText(/^Tom Reed was first: #\w+ is in production now\. Look again/).waitFor();
  expect(await deployed(first.id)).toBe(second.version_id);
  await takePicture(page, 'deploy-second');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Deploy to production' }).click();
  await expect.poll(() => dialog.count()).toBe(0);
  expect(await deployed(first.id)).toBe(third.version_id);
});

test('what somebody else has deployed since is not undone', async () => {
  const [first, second] = await history('Deploys/Not undone');
  const page = await ui.open(`/f/${first.id}/versions`, { expectedError: /status of 409/ });
  await list(page).getByRole('listitem').first().waitFor();
  await page.getByRole('button', { name: 'Deploy…', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Deploy #/ });
  await dialog.getByRole('button', { name: 'Deploy to production' }).click();
  const undo = page.getByRole('button', { name: 'Undo', exact: true });
  await undo.waitFor();
  const production = `/v5/agents/${first.id}/environments/production`;
  await postAs(server, tom, `${production}?version_id=${second.version_id}`);
  await undo.click();
  await page.getByText(/^Not deployed: Tom Reed was first: #\w+ is in production now\.$/).waitFor();
  await page.getByRole('button', { name: 'See the versions' }).waitFor();
  expect(await deployed(first.id)).toBe(second.version_id);
});

test('a deployment that the server refuses is taken back, and its reason is said in the dialog', async () => {
  const [first] = await history('Deploys/Refused');
  const page = await ui.open(`/f/${first.id}/versions`, { expectedError: /403/ });
  await page.route('**/environments/*?version_id=*', (route) =>
    route.fulfill({ status: 403, json: { detail: 'Only admins deploy to production.' } }),
  );
  await list(page).getByRole('listitem').first().waitFor();
  await page.getByRole('button', { name: 'Deploy…', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Deploy #/ });
  await dialog.getByRole('button', { name: 'Deploy to production' }).click();
  await dialog.getByRole('alert').getByText('Only admins deploy to production.').waitFor();
  await page.keyboard.press('Escape');
  await list(page).getByRole('listitem').last().getByText('production').waitFor();
});

test('a version is named, described and deleted', async () => {
  const [first] = await history('Deploys/Named');
  const page = await ui.open(`/f/${first.id}/versions`, { expectedError: /409/ });
  const newest = list(page).getByRole('listitem').first();
  await newest.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Name and describe…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Name and describe/ });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('first');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('brief');
  await dialog.getByRole('textbox', { name: 'Description' }).fill('It says less.');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await newest.getByText('It says less.').waitFor();
  await newest.getByRole('button', { name: 'Actions for brief' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const confirm = page.getByRole('alertdialog', { name: 'Delete version brief?' });
  expect(await accessibilityFaults(page)).toEqual([]);
  await confirm.getByRole('button', { name: 'Delete the version' }).click();
  await expect.poll(() => list(page).getByRole('listitem').count()).toBe(2);
  // What is deployed is not deleted.
  await list(page).getByRole('button', { name: 'Actions for first' }).click();
  await page.getByRole('menuitem', { name: 'Deploy…' }).waitFor();
  await expect.poll(() => page.getByRole('menuitem', { name: 'Delete…' }).count()).toBe(0);
});
