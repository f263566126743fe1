import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { confirm, startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

const prompt = (content: string) => ({
  path: 'Banking/Greeting',
  provider: 'mock',
  model: 'small',
  template: [{ role: 'system', content }],
});
const { body: first } = await server.post('/v5/prompts', prompt('Be kind.'));
const { body: second } = await server.post('/v5/prompts', prompt('Be brief.'));
const { body: environments } = await server.get('/v5/environments');
const idOf = (name: string) =>
  environments.find((environment: { name: string }) => environment.name === name).id;
const deploy = (version: string, name: string) =>
  server.fetch(`/v5/prompts/${first.id}/environments/${idOf(name)}?version_id=${version}`, {
    method: 'POST',
  });
await deploy(first.version_id, 'production');
await deploy(first.version_id, 'development');

test('an environment is made, renamed, made the default one, and deleted', async () => {
  const page = await ui.open('/settings/environments');
  await page.getByRole('button', { name: 'New environment' }).click();
  await page.getByLabel('Name').fill('review');
  await page.getByRole('radio', { name: 'Admins alone' }).check();
  await takePicture(page, 'new-environment');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make the environment' }).click();
  const table = page.getByRole('region', { name: 'Environments' }).getByRole('table');
  const row = (name: RegExp) => table.getByRole('row', { name });
  await row(/review.*Admins/).waitFor();

  const choose = async (of: string, action: string) => {
    await page.getByRole('button', { name: `Actions for ${of}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await choose('review', 'Edit');
  await page.getByLabel('Name').fill('preview');
  await page.getByRole('button', { name: 'Save' }).click();
  await choose('preview', 'Make it the default');
  await confirm(page, 'Make it the default');
  await row(/preview.*Default/).waitFor();
  await choose('production', 'Make it the default');
  await confirm(page, 'Make it the default');
  await row(/production.*Default/).waitFor();
  await choose('preview', 'Delete');
  await confirm(page, 'Delete');
  await expect.poll(() => row(/preview/).count()).toBe(0);
});

test('by keyboard alone an environment is made, renamed and deleted', async () => {
  const page = await ui.open('/settings/environments');
  const keys = keyboardOf(page);
  await keys.activate(page.getByRole('button', { name: 'New environment' }));
  await keys.fill(page.getByLabel('Name'), 'canary');
  await keys.choose(page.getByRole('radio', { name: 'Admins alone' }));
  await keys.press('Enter');
  await keys.pick(page.getByRole('button', { name: 'Actions for canary' }), 'Edit');
  await keys.fill(page.getByLabel('Name'), 'trial');
  await keys.press('Enter');
  const actions = page.getByRole('button', { name: 'Actions for trial' });
  await keys.pick(actions, 'Delete');
  await keys.activate(page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }));
  await expect.poll(() => actions.count()).toBe(0);
  await keys.to(page.getByRole('switch', { name: 'Differs from production' }));
  await keys.press('Space');
  await page.getByText('Every environment has the versions of production.').waitFor();
});

test('a name that is taken is refused where it was typed', async () => {
  const page = await ui.open('/settings/environments', { expectedError: /status of 409/ });
  await page.getByRole('button', { name: 'New environment' }).click();
  await page.getByLabel('Name').fill('Staging');
  await page.keyboard.press('Enter');
  await page
    .getByRole('alert')
    .getByText(/staging/i)
    .waitFor();
});

test('the matrix shows what is where, and what differs from production', async () => {
  const page = await ui.open('/settings/environments');
  const matrix = page.getByRole('region', { name: 'What is deployed where' }).last();
  await matrix.getByRole('row', { name: /Banking\/Greeting/ }).waitFor();
  const differs = page.getByRole('switch', { name: 'Differs from production' });
  await differs.check();
  await page.getByText('Every environment has the versions of production.').waitFor();
  await deploy(second.version_id, 'staging');
  await page.reload();
  await differs.check();
  await matrix.getByRole('row', { name: /Banking\/Greeting.*differs/ }).waitFor();
  await takePicture(page, 'deployed-where');
});

test('one that is in use is deleted only with its name typed', async () => {
  const page = await ui.open('/settings/environments');
  await page.getByRole('button', { name: 'Actions for development' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByLabel(/^Type/).fill('development');
  await confirm(page, 'Delete');
  await expect
    .poll(() => page.getByRole('button', { name: 'Actions for development' }).count())
    .toBe(0);
});

testLooks(
  'environments',
  ui,
  () => '/settings/environments',
  (page) => page.getByRole('row', { name: /Banking\/Greeting/ }).waitFor(),
);
