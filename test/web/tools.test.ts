import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

const transfer = {
  name: 'transfer',
  description: 'Moves money between two accounts.',
  parameters: {
    type: 'object',
    properties: {
      to: { type: 'string', description: 'The account that gets it.' },
      amount: { type: 'number', minimum: 0 },
      urgent: { type: 'boolean' },
      currency: { type: 'string', enum: ['EUR', 'USD'] },
      notes: { type: 'array', items: { type: 'string' } },
    },
    required: ['to', 'amount'],
  },
};
const code = [
  'def transfer(to, amount, currency="EUR", urgent=False, notes=None):',
  '    print("sending", amount, currency, "to", to)',
  '    if amount > 1000:',
  '        raise ValueError("That is too much.")',
  '    return {"sent": amount, "notes": notes or []}',
  '',
].join('\n');

async function make(collection: string, body: object): Promise<string> {
  const { status, body: file } = await server.post(`/v5/${collection}`, body);
  expect({ status, file }).toMatchObject({ status: 200 });
  return file.id;
}

/** Makes another version, and deletes the one that was there. */
async function replaceVersion(
  collection: string,
  { id, version_id: before }: { readonly id: string; readonly version_id: string },
  body: object,
): Promise<void> {
  await make(collection, { version_name: 'second', ...body });
  const { body: environments } = await server.get(`/v5/${collection}/${id}/environments`);
  const { body: versions } = await server.get(`/v5/${collection}/${id}/versions`);
  const deployed = `/v5/${collection}/${id}/environments/${environments[0].id}`;
  await server.post(`${deployed}?version_id=${versions.records[0].version_id}`, {});
  const deletion = `/v5/${collection}/${id}/versions/${before}`;
  expect((await server.fetch(deletion, { method: 'DELETE' })).status).toBe(204);
}

let tool = '';
let evaluator = '';
let flow = '';

beforeAll(async () => {
  tool = await make('tools', {
    path: 'Banking/transfer',
    tool_type: 'python',
    function: transfer,
    source_code: code,
  });
  evaluator = await make('evaluators', {
    path: 'Quality/Is brief',
    spec: {
      evaluator_type: 'python',
      arguments_type: 'target_free',
      return_type: 'boolean',
      code: 'def is_brief(log):\n    return len(log["output"] or "") < 10\n',
    },
  });
  flow = await make('flows', {
    path: 'Banking/Nightly',
    attributes: { model: 'small', steps: 3 },
  });
  const prompt = await make('prompts', { path: 'Banking/Answer', provider: 'mock', model: 'mock' });
  for (const output of ['Yes.', 'A much longer answer than that.']) {
    await server.post('/v5/prompts/log', { id: prompt, output });
  }
});

const run = (page: Page) => page.getByRole('region', { name: 'Run' });

testLooks(
  'tool',
  ui,
  () => `/f/${tool}/editor`,
  async (page) => {
    await page.getByRole('textbox', { name: 'Code' }).waitFor();
    await run(page).getByRole('textbox', { name: 'to' }).waitFor();
  },
);
testLooks(
  'evaluator',
  ui,
  () => `/f/${evaluator}/editor`,
  async (page) => {
    await page.getByRole('textbox', { name: 'Code' }).waitFor();
    await page.getByRole('button', { name: /^Judge 2 logs/ }).waitFor();
  },
);
testLooks(
  'flow',
  ui,
  () => `/f/${flow}/editor`,
  (page) => page.getByRole('textbox', { name: 'Value of steps' }).waitFor(),
);

test('a tool is run by its form, by keyboard alone: its result, what it printed, and its error', async () => {
  const page = await ui.open(`/f/${tool}/editor`);
  const keys = keyboardOf(page);
  const start = run(page).getByRole('button', { name: 'Run', exact: true });
  await keys.activate(start);
  // What is missing is said at its field.
  await expect.poll(() => run(page).getByText('This is needed.').count()).toBe(2);
  await keys.fill(run(page).getByRole('textbox', { name: 'to' }), 'acc_3307');
  await keys.fill(run(page).getByRole('textbox', { name: 'amount' }), '12.5');
  await keys.activate(run(page).getByRole('button', { name: 'Add an item' }));
  await keys.fill(run(page).getByRole('textbox', { name: 'Item 1' }), 'rent');
  await keys.activate(start);
  await run(page).getByText('It returned').waitFor();
  await run(page).getByText('sending 12.5 EUR to acc_3307').waitFor();
  await run(page).getByText('"rent"').waitFor();
  await takePicture(page, 'tool-run');
  expect(await accessibilityFaults(page)).toEqual([]);
  await keys.fill(run(page).getByRole('textbox', { name: 'amount' }), '5000');
  await keys.activate(start);
  await run(page).getByText('It failed').waitFor();
  await run(page).getByText('That is too much.').waitFor();
  await keys.activate(run(page).getByRole('link', { name: 'Open the log' }));
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/logs\/log_/);
});

test('arguments can be written as JSON, and come back as fields', async () => {
  const page = await ui.open(`/f/${tool}/editor`);
  await run(page).getByRole('button', { name: 'JSON' }).click();
  const text = run(page).getByRole('textbox', { name: 'Arguments' });
  await text.fill('{"to": "acc_1", "amount": ');
  await run(page).getByRole('button', { name: 'Form' }).click();
  await run(page)
    .getByText(/^This is not JSON yet/)
    .waitFor();
  await text.fill('{"to": "acc_1", "amount": 3}');
  await run(page).getByRole('button', { name: 'Form' }).click();
  await expect
    .poll(() => run(page).getByRole('textbox', { name: 'to' }).inputValue())
    .toBe('acc_1');
});

test('changes of a tool survive a reload, and become a version', async () => {
  const id = await make('tools', { path: 'Edits/add', source_code: 'def add(): return 1\n' });
  const page = await ui.open(`/f/${id}/editor`);
  await page.getByRole('button', { name: 'Describe it' }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('Adds.');
  await page.getByText('Uncommitted changes').waitFor();
  await page.reload();
  await page.getByText('Uncommitted changes').waitFor();
  await page.getByRole('textbox', { name: 'Description' }).focus();
  await page.keyboard.press('Control+s');
  const commit = page.getByRole('dialog', { name: 'Commit' });
  await commit.getByText('Adds.').waitFor();
  await commit.getByRole('checkbox', { name: /^staging/ }).check();
  await takePicture(page, 'commit-tool');
  expect(await accessibilityFaults(page)).toEqual([]);
  await commit.getByRole('button', { name: 'Commit' }).click();
  await page.getByText(/^Committed #\w+, and deployed to staging$/).waitFor();
  await expect.poll(() => page.getByText('Uncommitted changes').count()).toBe(0);
  const { body } = await server.get(`/v5/tools/${id}/versions`);
  expect(body.records[0]).toMatchObject({ function: { name: 'add', description: 'Adds.' } });
});

test('changes whose version was deleted go on with the newest version, or are thrown away', async () => {
  const file = { path: 'Gone/add', source_code: 'def add(): return 1\n' };
  const id = await make('tools', { ...file, version_name: 'first' });
  const page = await ui.open(`/f/${id}/editor`, { expectedError: /status of 404/ });
  await page.getByRole('button', { name: 'Describe it' }).click();
  const description = page.getByRole('textbox', { name: 'Description' });
  await description.fill('Adds.');
  const { body: first } = await server.get(`/v5/tools/${id}`);
  await replaceVersion('tools', first, { ...file, source_code: 'def add(): return 2\n' });
  const notice = page.getByRole('status').filter({ hasText: 'was deleted' });
  // The page that is open says so by itself, and so does one that is opened now.
  await notice.waitFor();
  expect(await description.inputValue()).toBe('Adds.');
  await page.goto(new URL(`/f/${id}/editor`, page.url()).href);
  await notice.waitFor();
  await takePicture(page, 'tool-gone');
  expect(await accessibilityFaults(page)).toEqual([]);
  await notice.getByRole('button', { name: 'Go on with them on second' }).click();
  await page.getByRole('button', { name: 'Version second' }).waitFor();
  await page.getByText('Uncommitted changes').waitFor();
  expect(await description.inputValue()).toBe('Adds.');
  const { body: second } = await server.get(`/v5/tools/${id}`);
  await replaceVersion('tools', second, { ...file, version_name: 'third' });
  await page.reload();
  await notice.getByRole('button', { name: 'Throw them away…' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Throw them away' }).click();
  await page.getByRole('button', { name: 'Version third' }).waitFor();
  await expect.poll(() => page.getByText('Uncommitted changes').count()).toBe(0);
});

test('what the server refuses is said at its field', async () => {
  const spec = {
    evaluator_type: 'human',
    arguments_type: 'target_free',
    return_type: 'select',
    options: [{ name: 'good' }],
  };
  const id = await make('evaluators', { path: 'Edits/refused', spec });
  const page = await ui.open(`/f/${id}/editor`, { expectedError: /422/ });
  await page.getByRole('button', { name: 'Option', exact: true }).click();
  await page.getByRole('button', { name: 'Commit…' }).click();
  const commit = page.getByRole('dialog', { name: 'Commit' });
  await commit.getByRole('button', { name: 'Commit' }).click();
  await commit.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('1.name: Must not be empty').waitFor();
});

test('an environment variable is set and deleted, and its value is not shown', async () => {
  const page = await ui.open(`/f/${tool}/editor`);
  await page.getByRole('button', { name: 'Set a variable' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set a variable' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('BANK_KEY');
  await dialog.getByLabel('Value').fill('a-secret');
  await dialog.getByRole('button', { name: 'Set' }).click();
  await page.getByRole('row', { name: /BANK_KEY/ }).waitFor();
  expect(await page.content()).not.toContain('a-secret');
  await page.getByRole('button', { name: 'Delete BANK_KEY' }).click();
  await page.getByRole('button', { name: 'Delete the variable' }).click();
  await expect.poll(() => page.getByRole('row', { name: /BANK_KEY/ }).count()).toBe(0);
});

test('an evaluator is tried on the newest logs as it is written', async () => {
  const page = await ui.open(`/f/${evaluator}/editor`);
  const tried = page.getByRole('region', { name: 'Try it' });
  await tried.getByRole('button', { name: 'Judge 2 logs' }).click();
  await tried.getByText('Yes', { exact: true }).waitFor();
  await tried.getByText('No', { exact: true }).waitFor();
  await takePicture(page, 'evaluator-tried');
  await page.getByRole('combobox', { name: 'A judgment is' }).selectOption('number');
  await page.getByRole('textbox', { name: 'Most' }).fill('5');
  await tried.getByRole('button', { name: 'Judge 2 logs' }).click();
  await expect.poll(() => tried.getByText('Error', { exact: true }).count()).toBe(2);
  await page.getByRole('combobox', { name: 'Who judges' }).selectOption('llm');
  await page.getByRole('heading', { name: 'Instructions' }).waitFor();
  await takePicture(page, 'evaluator-model');
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('an evaluator that monitors a file is added and stopped on the page about it', async () => {
  const id = await make('prompts', { path: 'Monitored/Answer', provider: 'mock', model: 'mock' });
  const page = await ui.open(`/f/${id}/about`);
  await page.getByRole('button', { name: 'Add an evaluator' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Is brief');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Is brief/ })
    .click();
  await page.getByText('100 % of its logs').waitFor();
  await page.getByRole('button', { name: 'Stop Is brief' }).click();
  await page.getByText('No evaluator judges its logs as they come.').waitFor();
});

test('the attributes of a flow are changed in fields', async () => {
  const page = await ui.open(`/f/${flow}`);
  await page.getByRole('link', { name: 'Attributes' }).click();
  await page.getByRole('textbox', { name: 'Value of steps' }).fill('4');
  await page.getByRole('button', { name: 'Commit…' }).click();
  const commit = page.getByRole('dialog', { name: 'Commit' });
  await commit.getByRole('insertion').getByText('4').waitFor();
  await commit.getByRole('button', { name: 'Commit' }).click();
  await expect.poll(() => commit.count()).toBe(0);
  const { body } = await server.get(`/v5/flows/${flow}/versions`);
  expect(body.records[0].attributes).toEqual({ model: 'small', steps: 4 });
});
