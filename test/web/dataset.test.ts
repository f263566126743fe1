import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

const capitals = [
  { inputs: { country: 'France', people: 68 }, target: { capital: 'Paris' } },
  { inputs: { country: 'Peru', people: 34 }, target: { capital: 'Lima' } },
  {
    inputs: { country: 'Chile', people: 19 },
    messages: [{ role: 'user', content: 'And Chile?' }],
    target: { capital: 'Santiago' },
  },
];

async function dataset(path: string, datapoints: readonly unknown[] = capitals): Promise<string> {
  const { status, body } = await server.post('/v5/datasets', { path, datapoints });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.id;
}

/** What the newest version of a dataset has in it. */
async function stored(id: string): Promise<readonly Record<string, unknown>[]> {
  const { body } = await server.get(`/v5/datasets/${id}/versions?include_datapoints=latest_saved`);
  return body.records[0].datapoints;
}

const grid = (page: Page) => page.getByRole('grid', { name: 'Rows' });
const cell = (page: Page, name: string) => grid(page).getByRole('gridcell', { name, exact: true });
const rowCount = (page: Page) => grid(page).getAttribute('aria-rowcount');

let shown = '';
/** A dataset, and the address of its first version; somebody has changed a row and added one since. */
let shared = { id: '', first: '' };

beforeAll(async () => {
  shown = await dataset('Geography/Capitals');
  const id = await dataset('Geography/Shared');
  const { body } = await server.get(`/v5/datasets/${id}`);
  await server.post('/v5/datasets', { id, version_name: 'census', datapoints: census });
  shared = { id, first: `/f/${id}/rows?version=${body.version_id}` };
});

const [france, , chile] = capitals;
const census = [
  france,
  { inputs: { country: 'Peru', people: 36 }, target: { capital: 'Lima' } },
  chile,
  { inputs: { country: 'Japan', people: 123 }, target: { capital: 'Tokyo' } },
];

/** Types over what is in a cell. */
async function retype(page: Page, from: string, to: string): Promise<void> {
  await cell(page, from).click();
  await page.keyboard.press('F2');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(to);
  await page.keyboard.press('Enter');
  await cell(page, to).waitFor();
}

testLooks(
  'rows',
  ui,
  () => `/f/${shown}`,
  (page) => cell(page, 'Santiago').waitFor(),
);
testLooks(
  'rows-empty',
  ui,
  () => `/f/${shown}/versions`,
  async (page) => {
    const id = await dataset(`Geography/Empty ${Math.random()}`, []);
    await page.goto(new URL(`/f/${id}/rows`, page.url()).href);
    await page.getByRole('heading', { name: 'No rows yet' }).waitFor();
  },
);

testLooks(
  'rows-import',
  ui,
  () => `/f/${shown}/rows`,
  async (page) => {
    await page.getByRole('button', { name: 'Import rows' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import rows' });
    await dialog
      .getByRole('textbox', { name: 'Or paste the rows' })
      .fill(
        'country,target.capital,a column with a rather long name\nJapan,Tokyo,1\nKenya,Nairobi,2',
      );
    await dialog.getByText('Japan · Kenya').waitFor();
  },
);
testLooks(
  'rows-merge',
  ui,
  () => shared.first,
  async (page) => {
    await retype(page, '34', '35');
    await page.getByRole('button', { name: 'Show both and merge' }).click();
    const dialog = page.getByRole('dialog', { name: 'Merge with census' });
    await dialog.getByRole('group', { name: 'Both changed row 2' }).waitFor();
  },
);

test('rows are changed by keyboard alone, kept by a reload, and committed as a version', async () => {
  const id = await dataset('Edits/Capitals');
  const page = await ui.open(`/f/${id}/rows`);
  await cell(page, 'Paris').waitFor();
  const keys = keyboardOf(page);
  await keys.to(grid(page));
  await keys.press('ArrowRight', 'Enter', 'Control+a');
  await keys.type('69');
  await keys.press('Enter');
  await cell(page, '69').waitFor();
  await keys.press('Delete');
  await expect.poll(() => cell(page, '34').count()).toBe(0);
  await page.getByText('+2 −2').waitFor();
  await page.reload();
  await cell(page, '69').waitFor();
  await takePicture(page, 'rows-changed');
  const again = keyboardOf(page);
  await again.press('Control+s');
  const commit = page.getByRole('dialog', { name: 'Commit' });
  await commit.getByText('3 rows in the new version').waitFor();
  await again.fill(commit.getByRole('textbox', { name: 'Name' }), 'counted');
  await again.press('Enter');
  await page.getByText('Committed counted').waitFor();
  await expect.poll(() => page.getByText('Uncommitted changes').count()).toBe(0);
  expect((await stored(id)).map(({ inputs }) => inputs)).toEqual([
    { country: 'France', people: 69 },
    { country: 'Peru' },
    { country: 'Chile', people: 19 },
  ]);
});

test('what a spreadsheet copies is pasted into cells, and makes rows where they end', async () => {
  const id = await dataset('Pastes/Capitals');
  const page = await ui.open(`/f/${id}/rows`);
  await cell(page, 'Chile').click();
  await page.evaluate(
    `navigator.clipboard.writeText('Kenya\\t54\\nJapan\\t123\\n"two\\nlines"\\t1')`,
  );
  await page.keyboard.press('Control+v');
  await expect.poll(() => rowCount(page)).toBe('6');
  await page.getByText('+3 −1').waitFor();
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Commit' }).click();
  await expect.poll(async () => (await stored(id)).length).toBe(5);
  expect((await stored(id)).slice(2).map(({ inputs }) => inputs)).toEqual([
    { country: 'Kenya', people: 54 },
    { country: 'Japan', people: 123 },
    { country: 'two\nlines', people: 1 },
  ]);
});

test('a CSV file is imported, with what its columns become', async () => {
  const id = await dataset('Imports/Capitals');
  const page = await ui.open(`/f/${id}/rows`);
  await cell(page, 'Paris').waitFor();
  await page.getByRole('button', { name: 'Import rows' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import rows' });
  // As of the API, a file is refused as a whole, and its lines are named.
  const pasted = dialog.getByRole('textbox', { name: 'Or paste the rows' });
  await pasted.fill('country,target.capital\nJapan\nPeru,Lima,1\n');
  await dialog.getByText('Line 2: The row has 1 value, but the header has 2 columns.').waitFor();
  await dialog.getByText('Line 3: The row has 3 values').waitFor();
  expect(await dialog.getByRole('button', { name: 'Add the rows' }).isEnabled()).toBe(false);
  await dialog.getByLabel('File').setInputFiles({
    name: 'more.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('nation;target.capital;zip\nJapan;Tokyo;100\n"Cape; Verde";Praia;\n'),
  });
  await dialog.getByRole('textbox', { name: 'Name for nation' }).fill('zip');
  await dialog.getByText('Two columns become “zip”.').waitFor();
  await dialog.getByRole('textbox', { name: 'Name for nation' }).fill('country');
  await dialog.getByRole('combobox', { name: 'What zip becomes' }).selectOption('Leave out');
  await takePicture(page, 'import-csv');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add 2 rows' }).click();
  await page.getByText('+2 −0').waitFor();
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Commit' }).click();
  await expect.poll(async () => (await stored(id)).length).toBe(5);
  expect((await stored(id)).slice(3)).toMatchObject([
    { inputs: { country: 'Japan' }, target: { capital: 'Tokyo' } },
    { inputs: { country: 'Cape; Verde' }, target: { capital: 'Praia' } },
  ]);
  await page.getByRole('link', { name: 'Versions' }).click();
  const differences = page.getByRole('region', { name: 'Differences' });
  await differences.getByText('+2 −0').waitFor();
  await differences.getByText('Cape; Verde').waitFor();
  await takePicture(page, 'dataset-versions');
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('JSON lines are pasted, and lines that are no rows are named', async () => {
  const id = await dataset('Imports/Lines');
  const page = await ui.open(`/f/${id}/rows`);
  await cell(page, 'Paris').waitFor();
  await page.getByRole('button', { name: 'Import rows' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import rows' });
  const pasted = dialog.getByRole('textbox', { name: 'Or paste the rows' });
  await pasted.fill('{"inputs": {"country": "Japan"}}\n{"input": {"country": "Kenya"}}');
  await dialog.getByText('Line 2: “input” is not known.').waitFor();
  expect(await dialog.getByRole('button', { name: 'Add the rows' }).isEnabled()).toBe(false);
  await takePicture(page, 'import-lines-fault');
  await pasted.fill(
    '{"inputs": {"country": "Japan", "people": 12345678901234567890}, "target": {"capital": "Tokyo"}}\n' +
      '{"messages": [{"role": "user", "content": "And Kenya?"}]}',
  );
  await takePicture(page, 'import-lines');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add 2 rows' }).click();
  await page.getByText('+2 −0').waitFor();
  await page.reload();
  await cell(page, '12345678901234567890').waitFor();
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Commit' }).click();
  await expect.poll(async () => (await stored(id)).length).toBe(5);
  expect((await stored(id)).at(-1)).toMatchObject({
    messages: [{ role: 'user', content: 'And Kenya?' }],
  });
  await cell(page, '12345678901234567890').waitFor();
});

test('rows of somebody else are merged with those changed here, and a row that both changed is asked about', async () => {
  const id = await dataset('Merges/Capitals');
  const page = await ui.open(`/f/${id}/rows`);
  await retype(page, '68', '69');
  await retype(page, '34', '35');
  const { body } = await server.post('/v5/datasets', {
    id,
    version_name: 'census',
    datapoints: census,
  });
  await page.keyboard.press('Control+s');
  const commit = page.getByRole('dialog', { name: 'Commit' });
  await commit.getByText(/The rows of census, .* are not in it/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(/There is a newer version, census/).waitFor();
  await page.getByRole('button', { name: 'Show both and merge' }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge with census' });
  const choice = dialog.getByRole('group', { name: 'Both changed row 2' });
  await choice.waitFor();
  await takePicture(page, 'merge-rows');
  expect(await accessibilityFaults(page)).toEqual([]);
  await choice.getByRole('radio', { name: 'Keep both rows' }).check();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await expect.poll(() => rowCount(page)).toBe('6');
  await page.getByText('+2 −1').waitFor();
  expect(new URL(page.url()).searchParams.get('version')).toBe(body.version_id);
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Commit' }).click();
  await expect.poll(async () => (await stored(id)).length).toBe(5);
  expect((await stored(id)).map(({ inputs }) => inputs)).toEqual([
    { country: 'France', people: 69 },
    { country: 'Peru', people: 36 },
    { country: 'Chile', people: 19 },
    { country: 'Japan', people: 123 },
    { country: 'Peru', people: 35 },
  ]);
});

test('rows whose version was deleted are kept: on the newest one they are changed, or new', async () => {
  const id = await dataset('Gone/Capitals');
  const page = await ui.open(`/f/${id}/rows`, { expectedError: /status of 404/ });
  await retype(page, '68', '69');
  await retype(page, '34', '35');
  const { body: first } = await server.get(`/v5/datasets/${id}`);
  const { body: second } = await server.post('/v5/datasets', {
    id,
    version_name: 'census',
    datapoints: census,
  });
  const { body: environments } = await server.get(`/v5/datasets/${id}/environments`);
  const deployed = `/v5/datasets/${id}/environments/${environments[0].id}`;
  await server.post(`${deployed}?version_id=${second.version_id}`, {});
  const deletion = `/v5/datasets/${id}/versions/${first.version_id}`;
  expect((await server.fetch(deletion, { method: 'DELETE' })).status).toBe(204);
  const notice = page.getByRole('status').filter({ hasText: 'was deleted' });
  // The page that is open says so by itself, and so does one that is opened now.
  await notice.waitFor();
  await page.reload();
  await notice.waitFor();
  await takePicture(page, 'rows-gone');
  expect(await accessibilityFaults(page)).toEqual([]);
  await notice.getByRole('button', { name: 'Go on with them on census' }).click();
  await expect.poll(() => rowCount(page)).toBe('6');
  await page.getByText('+2 −1').waitFor();
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Commit' }).click();
  await expect.poll(async () => (await stored(id)).length).toBe(5);
  expect((await stored(id)).map(({ inputs }) => inputs)).toEqual([
    { country: 'France', people: 69 },
    { country: 'Peru', people: 36 },
    { country: 'Chile', people: 19 },
    { country: 'Japan', people: 123 },
    { country: 'Peru', people: 35 },
  ]);
});

test('by keyboard alone a CSV file is imported, and a row is searched and deleted', async () => {
  const id = await dataset('Imports/By keyboard');
  const page = await ui.open(`/f/${id}/rows`);
  const keys = keyboardOf(page);
  await keys.activate(page.getByRole('button', { name: 'Import rows' }));
  const dialog = page.getByRole('dialog', { name: 'Import rows' });
  const chooser = page.waitForEvent('filechooser');
  await keys.activate(dialog.getByLabel('File'));
  await (await chooser).setFiles({
    name: 'more.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('country,people\nJapan,123\nKenya,54\n'),
  });
  await keys.activate(dialog.getByRole('button', { name: 'Add 2 rows' }));
  await page.getByText('+2 −0').waitFor();
  await keys.fill(page.getByRole('textbox', { name: 'Search in the rows' }), 'kenya');
  await page.getByText('1 of 5 rows').waitFor();
  await keys.to(grid(page));
  await keys.activate(page.getByRole('button', { name: 'Delete row' }));
  await page.getByText('+1 −0').waitFor();
});

test('an empty dataset gets a column, a row, and messages', async () => {
  const id = await dataset('Begins/Empty', []);
  const page = await ui.open(`/f/${id}/rows`);
  await page.getByRole('button', { name: 'Add a row' }).click();
  const column = page.getByRole('dialog', { name: 'Add a column' });
  await column.getByRole('radio', { name: /^Messages/ }).check();
  await takePicture(page, 'add-column');
  await column.getByRole('button', { name: 'Add the column' }).click();
  await grid(page).focus();
  await page.keyboard.press('Enter');
  const messages = page.getByRole('dialog', { name: 'Messages' });
  await messages.getByRole('textbox', { name: 'Text of message 1' }).fill('Hello');
  await messages.getByRole('button', { name: 'Save' }).click();
  await cell(page, 'Hello').waitFor();
  await page.getByText('+1 −0').waitFor();
});

test('a row is deleted, rows are searched, and the address says for what', async () => {
  const id = await dataset('Searches/Capitals');
  const page = await ui.open(`/f/${id}/rows`);
  await cell(page, 'Peru').click();
  await page.getByRole('button', { name: 'Delete row' }).click();
  await expect.poll(() => rowCount(page)).toBe('3');
  await grid(page).focus();
  await page.getByRole('textbox', { name: 'Search in the rows' }).fill('santiago');
  await expect.poll(() => rowCount(page)).toBe('2');
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('santiago');
  await page.getByText('1 of 2 rows').waitFor();
});

test('a value that is HTML and script is a text in its cell', async () => {
  const id = await dataset('Odd/Html', [
    { inputs: { text: '<img src=x onerror=alert(1)>', rtl: 'مرحبا بالعالم' } },
  ]);
  const page = await ui.open(`/f/${id}/rows`);
  await cell(page, '<img src=x onerror=alert(1)>').waitFor();
});

test('ten thousand rows are read, and only those in sight are in the page', async () => {
  const many = Array.from({ length: 10_000 }, (_, n) => ({ inputs: { n, text: `Row ${n}` } }));
  const id = await dataset('Many/Rows', many);
  const page = await ui.open(`/f/${id}/rows`);
  await expect.poll(() => rowCount(page)).toBe('10001');
  await expect.poll(() => grid(page).getByRole('row').count()).toBeLessThan(80);
  await grid(page).focus();
  await page.keyboard.press('End');
  await cell(page, 'Row 9999').waitFor();
});
