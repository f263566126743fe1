import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

/** Makes a directory. @returns its id. */
async function directory(path: string): Promise<string> {
  const { status, body } = await server.post('/v5/directories', { path });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.id;
}

async function prompt(path: string): Promise<{ id: string; directory_id: string }> {
  const { status, body } = await server.post('/v5/prompts', {
    path,
    provider: 'mock',
    model: 'mock',
    template: 'Sum up {{text}}.',
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
}

/** Logs of a prompt in the last days, of which some failed; and one of before. */
async function logWeek(path: string): Promise<void> {
  const hours = [1, 2, 3, 20, 26, 27, 28, 29, 50, 75, 76, 100, 122, 123, 150, 200];
  for (const [index, ago] of hours.entries()) {
    const created_at = new Date(Date.now() - ago * 3_600_000).toISOString();
    const { status } = await server.post('/v5/prompts/log', {
      path,
      created_at,
      ...(index % 6 === 4 ? { error: 'It failed.' } : { output: 'Done.' }),
    });
    expect(status).toBe(200);
  }
}

const table = (page: Page) => page.getByRole('table', { name: 'Content of the directory' });
const row = (page: Page, name: string) => table(page).getByRole('row', { name });
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

let shown = '';

beforeAll(async () => {
  shown = await directory('Support');
  await directory('Support/Archive');
  await prompt('Support/Summarise a ticket');
  await logWeek('Support/Summarise a ticket');
  await server.post('/v5/tools', { path: 'Support/look_up', source_code: 'def look_up(): pass' });
  await server.post('/v5/datasets', { path: 'Support/Tickets', datapoints: [] });
  await server.post('/v5/flows', { path: 'Support/Triage', attributes: {} });
  await server.post('/v5/agents', {
    path: `Support/${'A very long name '.repeat(12).trim()}`,
    provider: 'mock',
    model: 'mock',
  });
});

testLooks(
  'directory-content',
  ui,
  () => `/dir/${shown}`,
  async (page) => {
    await row(page, 'Triage').waitFor();
    await row(page, 'Summarise a ticket').getByText('13%').waitFor();
  },
);

test('a file shows its logs of the last seven days, and how many of them failed', async () => {
  const page = await ui.open(`/dir/${shown}`);
  const file = row(page, 'Summarise a ticket');
  await file.getByRole('img', { name: /^15 logs in the last 7 days, .*; 2 errors$/ }).waitFor();
  await file.getByRole('cell', { name: '13%' }).waitFor();
  const unused = row(page, 'look_up');
  await unused.getByRole('img', { name: 'No logs in the last 7 days' }).waitFor();
  await expect.poll(() => unused.getByText('%').count()).toBe(0);
});

test('by keyboard alone a directory and a file in it are made', async () => {
  const page = await ui.open('/dir');
  const keys = keyboardOf(page);
  await keys.activate(page.getByRole('button', { name: 'New directory' }));
  await keys.fill(dialog(page, 'New directory').getByRole('textbox', { name: 'Name' }), 'Research');
  await keys.press('Enter');
  await keys.activate(table(page).getByRole('link', { name: 'Research' }));
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  await keys.activate(page.getByRole('button', { name: 'New file', exact: true }));
  const asked = dialog(page, 'New file');
  await keys.choose(asked.getByRole('radio', { name: 'Flow', exact: true }));
  await takePicture(page, 'new-file');
  expect(await accessibilityFaults(page)).toEqual([]);
  await keys.fill(asked.getByRole('textbox', { name: 'Name' }), 'Reader');
  await keys.press('Enter');
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/f\/fl_\w+\/logs$/);
});

test('by keyboard alone a file is renamed and moved, and a directory is deleted', async () => {
  const { directory_id } = await prompt('Keys/Reader');
  await directory('Keys/Old');
  const page = await ui.open(`/dir/${directory_id}`);
  const keys = keyboardOf(page);
  await keys.pick(row(page, 'Reader').getByRole('button', { name: /^Actions/ }), 'Rename…');
  await keys.fill(dialog(page, /^Rename/).getByRole('textbox'), 'Writer');
  await keys.press('Enter');
  await keys.pick(row(page, 'Writer').getByRole('button', { name: /^Actions/ }), 'Move…');
  const move = dialog(page, 'Move “Writer”');
  await keys.fill(move.getByRole('textbox', { name: 'Find a directory' }), 'archive');
  await keys.to(move.getByRole('radio', { name: 'Support/Archive' }));
  await keys.press('Space', 'Enter');
  await expect.poll(() => row(page, 'Writer').count()).toBe(0);
  await keys.pick(row(page, 'Old').getByRole('button', { name: /^Actions/ }), 'Delete…');
  const sure = page.getByRole('alertdialog').getByRole('button', { name: 'Delete the directory' });
  await keys.activate(sure);
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  // In the tree, the other way to the same.
  const files = page.getByRole('navigation', { name: 'Files' });
  await keys.pick(files.getByRole('button', { name: 'Actions for Keys' }), 'New directory…');
  await keys.fill(dialog(page, 'New directory').getByRole('textbox', { name: 'Name' }), 'New');
  await keys.press('Enter');
  await files.getByRole('button', { name: 'New', exact: true }).waitFor();
});

test('a file is made of the text of an .agent file, and a fault in it is said', async () => {
  const page = await ui.open(`/dir/${await directory('Pasted')}`, { expectedError: /422/ });
  await page.getByRole('button', { name: 'New file', exact: true }).click();
  const asked = dialog(page, 'New file');
  await asked.getByRole('radio', { name: 'Agent', exact: true }).check();
  await asked.getByRole('textbox', { name: 'Name' }).fill('Teller');
  await asked.getByRole('radio', { name: /Paste a .agent file/ }).check();
  const text = asked.getByRole('textbox', { name: 'Text of the .agent file' });
  await text.fill('---\nmodel: [\n---\n');
  await asked.getByRole('button', { name: 'Make the agent' }).click();
  await asked.getByRole('alert').waitFor();
  await text.fill(
    '---\nmodel: mock\nprovider: mock\n---\n<system>\nYou are a teller.\n</system>\n',
  );
  await asked.getByRole('button', { name: 'Make the agent' }).click();
  await page.getByRole('heading', { name: 'Editor', level: 1 }).waitFor();
});

test('a path that is taken is not written over', async () => {
  const { directory_id } = await prompt('Taken/Reader');
  const page = await ui.open(`/dir/${directory_id}`);
  await page.getByRole('button', { name: 'New file', exact: true }).click();
  const asked = dialog(page, 'New file');
  await asked.getByRole('radio', { name: 'Prompt', exact: true }).check();
  await asked.getByRole('textbox', { name: 'Name' }).fill('Reader');
  await asked.getByRole('button', { name: 'Make the prompt' }).click();
  await asked.getByText('There is already a file at Taken/Reader. Choose another name.').waitFor();
});

test('a file is renamed at once; a name that is taken comes back with what was typed', async () => {
  const { directory_id } = await prompt('Renames/One');
  await prompt('Renames/Two');
  const page = await ui.open(`/dir/${directory_id}`, { expectedError: /409/ });
  await row(page, 'One').getByRole('button', { name: 'Actions for One' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  const asked = dialog(page, /^Rename/);
  const name = asked.getByRole('textbox');
  await name.fill('Two');
  await page.keyboard.press('Enter');
  await asked.getByRole('alert').waitFor();
  await expect.poll(() => name.inputValue()).toBe('Two');
  // Behind the dialog, the row has its old name again.
  await page.getByRole('row', { name: /^One/, includeHidden: true }).waitFor();
  await name.fill('Three');
  await page.keyboard.press('Enter');
  await row(page, 'Three').waitFor();
  await expect.poll(() => asked.count()).toBe(0);
  const files = page.getByRole('navigation', { name: 'Files' });
  await files.getByRole('button', { name: 'Renames', exact: true }).waitFor();
  expect((await server.get('/v5/files?path=Renames&size=10')).body.records).toHaveLength(2);
});

test('a file is moved by its menu, and by dragging', async () => {
  const { directory_id } = await prompt('Moves/Letter');
  const there = await directory('Moves/There');
  const page = await ui.open(`/dir/${directory_id}`);
  await row(page, 'Letter').getByRole('button', { name: 'Actions for Letter' }).click();
  await page.getByRole('menuitem', { name: 'Move…' }).click();
  const asked = dialog(page, 'Move “Letter”');
  await asked.getByRole('textbox', { name: 'Find a directory' }).fill('there');
  await asked.getByRole('radio', { name: 'Moves/There' }).check();
  await takePicture(page, 'move');
  expect(await accessibilityFaults(page)).toEqual([]);
  await asked.getByRole('button', { name: 'Move', exact: true }).click();
  await expect.poll(() => row(page, 'Letter').count()).toBe(0);
  await prompt('Moves/Dragged');
  await page.reload();
  await row(page, 'Dragged').hover();
  await page.mouse.down();
  // A browser tells what is below from the second move on.
  await row(page, 'There').hover();
  await row(page, 'There').hover({ position: { x: 60, y: 12 } });
  await page.mouse.up();
  await expect.poll(() => row(page, 'Dragged').count()).toBe(0);
  const moved = async () => (await server.get(`/v5/directories/${there}`)).body.files.length;
  await expect.poll(moved).toBe(2);
});

test('a directory is deleted when it is empty, and says so when it is not', async () => {
  await directory('Deletes/Empty');
  const full = await prompt('Deletes/Full/Inside');
  const above = (await server.get(`/v5/directories/${full.directory_id}`)).body.parent_id;
  const page = await ui.open(`/dir/${above}`);
  await row(page, 'Full').getByRole('button', { name: 'Actions for Full' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await dialog(page, '“Full” is not empty').getByText('1 file.').waitFor();
  await page.keyboard.press('Escape');
  await row(page, 'Empty').getByRole('button', { name: 'Actions for Empty' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete the directory' }).click();
  await expect.poll(() => row(page, 'Empty').count()).toBe(0);
});

test('a file with logs is deleted when its name is typed, and one leaves its pages', async () => {
  const file = await prompt('Deletes/Logged');
  await server.post('/v5/prompts/log', { id: file.id, output: 'Done.' });
  const logs = async () => (await server.get(`/v5/prompts/${file.id}`)).body.total_logs_count;
  await expect.poll(logs).toBe(1);
  const page = await ui.open(`/f/${file.id}/about`);
  await page.getByRole('button', { name: 'Delete…' }).click();
  const asked = page.getByRole('alertdialog', { name: 'Delete “Logged”?' });
  await asked.getByText('Its log can no longer be read.').waitFor();
  await takePicture(page, 'delete-file');
  expect(await accessibilityFaults(page)).toEqual([]);
  const remove = asked.getByRole('button', { name: 'Delete the prompt' });
  await expect.poll(() => remove.isEnabled()).toBe(false);
  await asked.getByRole('textbox').fill('Logged');
  await remove.click();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/dir\//);
  expect((await server.get(`/v5/prompts/${file.id}`)).status).toBe(404);
});

test('the tree has the same actions', async () => {
  await prompt('Tree/Leaf');
  const page = await ui.open('/dir');
  const files = page.getByRole('navigation', { name: 'Files' });
  await files.getByRole('link', { name: 'Leaf' }).waitFor();
  await files.getByRole('button', { name: 'Actions for Leaf' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await dialog(page, 'Rename “Leaf”').getByRole('textbox').fill('Branch');
  await page.keyboard.press('Enter');
  await files.getByRole('link', { name: 'Branch' }).waitFor();
  await files.getByRole('button', { name: 'New file or directory' }).click();
  await page.getByRole('menuitem', { name: 'New directory…' }).waitFor();
});

test('what a file is for is written once, and shown where one looks for it', async () => {
  const file = await prompt('About/Described');
  const page = await ui.open(`/f/${file.id}/about`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('Sums up tickets.');
  await page.getByRole('textbox', { name: 'Tags' }).fill('support, summary');
  await page
    .getByRole('textbox', { name: 'README' })
    .fill('# Read me\n\n<img src=x onerror=alert(1)>');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('list', { name: 'Tags' }).getByText('summary').waitFor();
  await page.getByText('<img src=x onerror=alert(1)>').waitFor();
  const { body } = await server.get(`/v5/prompts/${file.id}`);
  expect(body).toMatchObject({ description: 'Sums up tickets.', tags: ['support', 'summary'] });
});

testLooks(
  'about',
  ui,
  () => '/dir',
  async (page) => {
    const { id } = await prompt('About/Looks');
    await server.post('/v5/prompts/log', { id, output: 'Done.' });
    await page.goto(new URL(`/f/${id}/about`, page.url()).href);
    await page.getByRole('tab', { name: 'Python' }).waitFor();
    await page.getByText('production').first().waitFor();
  },
);
