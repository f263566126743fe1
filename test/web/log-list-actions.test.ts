import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

beforeAll(async () => {
  for (let n = 0; n < 12; n++) await log(`mail-${n}`, { latency: n + 1 });
  await log('formula', { output: '=1+2', user: 'usr_9', environment: 'staging', latency: 60 });
  const { body: judge } = await server.post('/v5/evaluators', {
    path: 'Judges/Length',
    spec: {
      evaluator_type: 'human',
      arguments_type: 'target_free',
      return_type: 'number',
    },
  });
  const { status } = await server.post('/v5/evaluators/log', {
    id: judge.id,
    parent_id: 'formula',
    judgment: 0.75,
    user: 'maya',
  });
  expect(status).toBe(200);
});

/** Reports a log of a tool, as a client's own code does. */
async function log(
  logId: string,
  { output = `Answer of ${logId}.`, latency = 1, ...more }: Record<string, unknown> = {},
): Promise<void> {
  const { status, body } = await server.post('/v5/tools/log', {
    path: 'Mails/send',
    tool: { function: { name: 'send', description: 'Sends.' } },
    inputs: { to: logId },
    output,
    log_id: logId,
    provider_latency: latency,
    ...more,
  });
  expect({ status, body }).toMatchObject({ status: 200 });
}

const gridOf = (page: Page) => page.getByRole('grid', { name: 'Logs' });
const countOf = (page: Page) => gridOf(page).getAttribute('aria-rowcount');
const searchOf = (page: Page) => new URL(page.url()).searchParams;

testLooks(
  'logs-chosen',
  ui,
  () => '/logs?type=tool',
  async (page) => {
    await gridOf(page).getByRole('checkbox').first().click();
    await page.getByRole('region', { name: 'Chosen logs' }).waitFor();
  },
);

testLooks(
  'logs-evaluate',
  ui,
  () => '/logs?type=tool',
  async (page) => {
    await gridOf(page).getByRole('checkbox').first().click();
    await page.getByRole('button', { name: 'Evaluate…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Evaluate/ });
    await dialog.getByRole('checkbox').first().check();
  },
);
testLooks(
  'logs-filters',
  ui,
  () => '/logs?type=tool',
  async (page) => {
    await gridOf(page).waitFor();
    await page.getByRole('button', { name: /^Filter/ }).click();
    await page.getByRole('menuitem', { name: /^Environment, user/ }).click();
    await page.getByRole('dialog', { name: 'Filters' }).waitFor();
  },
);
testLooks(
  'logs-delete',
  ui,
  () => '/logs?type=tool',
  async (page) => {
    await gridOf(page).getByRole('checkbox').first().click();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('alertdialog').waitFor();
  },
);

test('a slow log is found by a filter, and the link to it shows the same to somebody else', async () => {
  const page = await ui.open('/logs?type=tool');
  await gridOf(page).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('menuitem', { name: /^Environment, user/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Filters' });
  await dialog
    .getByRole('group', { name: 'Latency, seconds' })
    .getByRole('spinbutton', { name: 'From' })
    .fill('11.5');
  await dialog.getByRole('button', { name: 'Filter' }).click();
  await expect.poll(() => countOf(page)).toBe('2');
  expect(searchOf(page).get('min_latency')).toBe('11.5');
  await gridOf(page).getByText('mail-11').first().click();
  await expect.poll(() => new URL(page.url()).pathname).toBe('/logs/mail-11');
  const link = page.url();
  const other = await ui.open(link.slice(server.url.length));
  await expect.poll(() => other.getByRole('button', { name: 'Log before' }).isEnabled()).toBe(true);
  await other.getByRole('button', { name: 'Log before' }).click();
  await expect.poll(() => new URL(other.url()).pathname).toBe('/logs/formula');
});

test('the columns are chosen in a menu, and are in the link', async () => {
  const page = await ui.open('/logs?type=tool');
  await gridOf(page).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'User' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Output' }).click();
  await page.keyboard.press('Escape');
  await gridOf(page).getByText('usr_9').waitFor();
  await expect.poll(() => gridOf(page).getByText('Answer of mail-1.').count()).toBe(0);
  expect(searchOf(page).getAll('cols')).toContain('user');
  const again = await ui.open(`/logs${new URL(page.url()).search}`);
  await gridOf(again).getByText('usr_9').waitFor();
  await again.getByRole('button', { name: 'Columns' }).click();
  await again.getByRole('menuitem', { name: 'Those that say something' }).click();
  await gridOf(again).getByText('Answer of mail-1.').waitFor();
});

test('what an evaluator says has a column of its own, and is a filter', async () => {
  const page = await ui.open('/logs?type=tool');
  const score = gridOf(page).getByText('0.75');
  await score.waitFor();
  await page.getByText('Length', { exact: true }).first().waitFor();
  await score.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Only 0.75' }).click();
  await expect.poll(() => countOf(page)).toBe('1');
  expect(searchOf(page).get('judgment')).toMatch(/^ev_\w+:>=0.75$/);
});

test('what an evaluator says is yes or no, an option or a number, and is found by it', async () => {
  const judge = async (path: string, judgment: unknown, more: Record<string, unknown>) => {
    const { body } = await server.post('/v5/evaluators', {
      path,
      spec: { evaluator_type: 'human', arguments_type: 'target_free', ...more },
    });
    const said = { id: body.id, parent_id: 'mail-3', judgment, user: 'maya' };
    expect((await server.post('/v5/evaluators/log', said)).status).toBe(200);
  };
  await judge('Judges/Polite', true, { return_type: 'boolean' });
  await judge('Judges/Mood', 'glad', { return_type: 'select', options: [{ name: 'glad' }] });
  const page = await ui.open('/logs?type=tool');
  const row = gridOf(page).getByRole('row').filter({ hasText: 'Answer of mail-3.' });
  await row.getByText('glad').waitFor();
  await takePicture(page, 'logs-judged');
  await row.getByText('Yes', { exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Only Yes' }).click();
  await expect.poll(() => countOf(page)).toBe('1');
  expect(searchOf(page).get('judgment')).toMatch(/^ev_\w+:true$/);
  await page.getByText('Yes', { exact: true }).first().waitFor();
});

test('a cell filters by its value, leaves it out, or copies it; by keyboard, too', async () => {
  const page = await ui.open('/logs?type=tool&cols=time&cols=environment&cols=latency');
  await gridOf(page).getByText('staging').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Only staging' }).click();
  await expect.poll(() => countOf(page)).toBe('1');
  await page.goBack();
  await expect.poll(() => countOf(page)).toBe('13');
  await gridOf(page).focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy the id of the log' }).click();
  await page.getByText('Copied', { exact: true }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('mail-11');
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Logs');
});

test('a view is saved under a name, found again, and forgotten', async () => {
  const page = await ui.open('/logs?type=tool&user=usr_9');
  await page.getByRole('button', { name: 'View: not saved' }).click();
  await page.getByRole('menuitem', { name: 'Save this view…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Of user nine');
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByRole('button', { name: 'View: Of user nine' }).click();
  await page.getByRole('menuitem', { name: 'Errors' }).click();
  await page.getByText('No log matches these filters.').waitFor();
  await expect.poll(() => new URL(page.url()).search).toBe('?status=error');
  await page.getByRole('button', { name: 'View: Errors' }).click();
  await page.getByRole('menuitem', { name: 'Of user nine' }).click();
  await expect.poll(() => countOf(page)).toBe('1');
  await page.getByRole('button', { name: 'View: Of user nine' }).click();
  await page.getByRole('menuitem', { name: 'Forget “Of user nine”' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'View: Of user nine' }).waitFor();
});

test('an address that nobody knows in full shows the rest, and says what was left out', async () => {
  const page = await ui.open('/logs?type=tool&status=odd&min_cost=much');
  await page.getByText(/status=odd, min_cost=much/).waitFor();
  await expect.poll(() => countOf(page)).toBe('13');
  await expect.poll(() => new URL(page.url()).search).toBe('?type=tool');
});

test('all that is filtered is exported as CSV, with no formula in a cell', async () => {
  const page = await ui.open('/logs?type=tool&user=usr_9');
  await gridOf(page).waitFor();
  const csv = await exported(page, 'CSV');
  expect(csv.trim().split('\n').length).toBe(2);
  expect(csv).toContain("'=1+2");
  expect(csv).not.toMatch(/(^|,)=1\+2/m);
});

test('chosen rows are exported as JSON lines', async () => {
  const page = await ui.open('/logs?type=tool&search=Answer&sort_by=latency');
  await gridOf(page).focus();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const chosen = page.getByRole('region', { name: 'Chosen logs' });
  await chosen.getByText('2 logs chosen').waitFor();
  const lines = (await exported(page, 'JSON lines', chosen)).trim().split('\n');
  const ids = lines.map((line) => JSON.parse(line).id);
  expect(ids.toSorted()).toEqual(['mail-10', 'mail-11']);
});

test('chosen rows are deleted by keyboard, after a question; the others stay', async () => {
  await log('doomed-1', { user: 'usr_doomed' });
  await log('doomed-2', { user: 'usr_doomed' });
  await log('spared', { user: 'usr_doomed' });
  const page = await ui.open('/logs?user=usr_doomed');
  await expect.poll(() => countOf(page)).toBe('3');
  const keys = keyboardOf(page);
  await keys.to(gridOf(page));
  await keys.press('j', 'j', 'x', 'j', 'x');
  await keys.activate(page.getByRole('button', { name: 'Delete…' }));
  const question = page.getByRole('alertdialog', { name: 'Delete 2 logs?' });
  await question.getByText(/This cannot be taken back/).waitFor();
  await keys.activate(question.getByRole('button', { name: 'Delete 2 logs' }));
  await page.getByText('2 logs deleted').waitFor();
  await expect.poll(() => countOf(page)).toBe('1');
  expect((await server.get('/v5/logs/doomed-1')).status).toBe(404);
  expect((await server.get('/v5/logs/spared')).status).toBe(200);
});

test('all that match are deleted, also those that are not loaded', async () => {
  for (let n = 0; n < 205; n++) await log(`many-${n}`, { user: 'usr_many' });
  const page = await ui.open('/logs?user=usr_many');
  await expect.poll(() => countOf(page)).toBe('205');
  await page.getByRole('checkbox', { name: 'Choose all logs' }).click();
  await page.getByRole('button', { name: 'Choose all 205 logs that match' }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete 205 logs' }).click();
  await page.getByText('No log matches these filters.').waitFor();
  expect((await server.get('/v5/logs/mail-1')).status).toBe(200);
});

test('chosen rows become datapoints of a new dataset', async () => {
  const page = await ui.open('/logs?type=tool&search=mail-1&sort_by=latency');
  await gridOf(page).focus();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Add to dataset' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add 2 logs to a dataset' });
  await dialog.getByRole('textbox', { name: 'Path of the new dataset' }).fill('Mails/Cases');
  await dialog.getByRole('button', { name: 'Add to the dataset' }).click();
  await page.getByText('2 logs added to the dataset').waitFor();
  await page.getByRole('button', { name: 'Show its rows' }).click();
  await page
    .getByRole('grid', { name: 'Rows' })
    .getByRole('gridcell', { name: 'Answer of mail-11.' })
    .waitFor();
  const { body } = await server.get('/v5/datasets?name=Cases');
  const { body: cases } = await server.get(
    `/v5/datasets/${body.records[0].id}?include_datapoints=true`,
  );
  expect(cases.datapoints).toHaveLength(2);
  expect(cases.datapoints).toContainEqual(
    expect.objectContaining({
      inputs: { to: 'mail-11' },
      target: { output: 'Answer of mail-11.' },
    }),
  );
});

test('chosen rows are judged by evaluators, and what they say gets its column', async () => {
  const { status, body } = await server.post('/v5/evaluators', {
    path: 'Judges/Long',
    spec: {
      evaluator_type: 'python',
      arguments_type: 'target_free',
      return_type: 'boolean',
      code: 'def long(log):\n    return len(log["output"]) > 5\n',
    },
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  const page = await ui.open('/logs?type=tool&search=mail-1&sort_by=latency');
  await gridOf(page).focus();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Evaluate…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Evaluate 2 logs' });
  await dialog.getByRole('checkbox', { name: /^Judges\/Long/ }).check();
  await takePicture(page, 'evaluate-logs');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make 2 judgments' }).click();
  await page.getByText('2 judgments made').waitFor();
  await expect.poll(() => gridOf(page).getByText('Yes', { exact: true }).count()).toBe(2);
});

test('an evaluator that the server cannot ask says so, and can be left out', async () => {
  const page = await ui.open('/logs?type=tool&search=mail-2', { expectedError: /422|400|409/ });
  await gridOf(page).focus();
  for (const key of ['j', 'x']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Evaluate…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Evaluate 1 log' });
  const model = dialog.getByRole('checkbox', { name: /Faithfulness/ });
  await model.check();
  await dialog.getByRole('button', { name: 'Make 1 judgment' }).click();
  await dialog.getByText(/key/).waitFor();
  await takePicture(page, 'evaluate-refused');
  await model.uncheck();
  await dialog.getByRole('checkbox', { name: /No tool errors/ }).check();
  await dialog.getByRole('button', { name: 'Make 1 judgment' }).click();
  await page.getByText('1 judgment made').waitFor();
});

/** Exports from a part of the page, and reads what the browser saved. */
async function exported(page: Page, form: string, part: Pick<Page, 'getByRole'> = page) {
  await part.getByRole('button', { name: 'Export' }).last().click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: form }).click(),
  ]);
  return readFile(await download.path(), 'utf8');
}
