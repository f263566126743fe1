import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { inline, play } from './bank.ts';
import { keyboardOf } from './keyboard.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

const lookup = inline('lookup', { key: { type: 'string' } });

/** A run that waits for what its client looks up. */
async function ask(logId: string): Promise<void> {
  await server.post('/v5/agents/call', {
    path: `Forks/${logId}`,
    agent: { provider: 'mock', model: 'mock', tools: [lookup] },
    messages: [{ role: 'user', content: 'lookup the opening hours' }],
    log_id: logId,
  });
}

/** A run of two turns: it looks something up, which its client answers, and says what it got. */
async function openingHours(logId: string): Promise<void> {
  await ask(logId);
  const { body: waiting } = await server.get(`/v5/logs/${logId}`);
  const [call] = waiting.messages.at(-1).tool_calls;
  const { body } = await server.post('/v5/agents/continue', {
    log_id: logId,
    messages: [{ role: 'tool', tool_call_id: call.id, content: '9 to 5' }],
  });
  expect(body).toMatchObject({ output: 'lookup says: 9 to 5' });
}

await openingHours('hours-1');
const { body: made } = await server.post('/v5/logs/hours-1/fork', {
  turn: 2,
  edits: [{ index: 2, content: 'closed today' }],
  log_id: 'hours-1-fork',
});
expect(made.output).toBe('lookup says: closed today');

testLooks(
  'beside',
  ui,
  () => '/logs/hours-1-fork?beside=hours-1',
  (page) => page.getByText('closed today').last().waitFor(),
);

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Run again from here' });

test('another result of a tool: the agent runs again from there, and both are seen side by side', async () => {
  const page = await ui.open('/logs/hours-1?view=conversation');
  await page.getByText('lookup says: 9 to 5').hover();
  await page.getByRole('button', { name: 'Fork from turn 2' }).click();
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Edit what lookup said' }).click();
  await takePicture(page, 'fork-dialog');
  await dialog.getByRole('textbox', { name: 'What lookup says instead' }).fill('closed for good');
  await dialog.getByRole('button', { name: 'Run from turn 2' }).click();
  const right = page.getByRole('region', { name: /^Log fork_/ });
  await right.getByText('lookup says: closed for good').waitFor();
  const left = page.getByRole('region', { name: 'Log hours-1' });
  await left.getByText('lookup says: 9 to 5').waitFor();
  await page.getByRole('switch', { name: 'Differences of the answers' }).click();
  await page
    .getByRole('region', { name: 'Differences of the answers' })
    .locator('ins')
    .first()
    .waitFor();
  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'hours-1', exact: true }).first().click();
  await expect.poll(() => new URL(page.url()).pathname).toBe('/logs/hours-1');
});

test('by keyboard alone a result of a tool is changed, and the agent runs again from there', async () => {
  const page = await ui.open('/logs/hours-1?view=conversation');
  const keys = keyboardOf(page);
  await keys.activate(page.getByRole('button', { name: 'Fork from turn 2' }));
  const dialog = dialogOf(page);
  await keys.activate(dialog.getByRole('button', { name: 'Edit what lookup said' }));
  await keys.fill(dialog.getByRole('textbox', { name: 'What lookup says instead' }), 'by keys');
  await keys.activate(dialog.getByRole('button', { name: 'Run from turn 2' }));
  const right = page.getByRole('region', { name: /^Log fork_/ });
  await right.getByText('lookup says: by keys').waitFor();
  await keys.to(page.getByRole('switch', { name: 'Differences of the answers' }));
  await keys.press('Space');
  await page.getByRole('region', { name: 'Differences of the answers' }).waitFor();
});

test('a log that waits is answered in a fork, and still waits', async () => {
  await ask('hours-waiting');
  const page = await ui.open('/logs/hours-waiting?view=conversation');
  await page.getByRole('button', { name: /^Answer it in a fork/ }).click();
  const dialog = dialogOf(page);
  const start = dialog.getByRole('button', { name: 'Run from turn 2' });
  await start.click();
  await dialog.getByText('Write the result, or reject the call.').waitFor();
  await dialog
    .getByRole('alert')
    .getByText(/^Give each call a result/)
    .waitFor();
  await dialog.getByRole('textbox', { name: 'Your result' }).fill('8 to 4');
  await takePicture(page, 'fork-answers');
  expect(await accessibilityFaults(page)).toEqual([]);
  await start.click();
  const right = page.getByRole('region', { name: /^Log fork_/ });
  await right.getByText('lookup says: 8 to 4').waitFor();
  expect((await server.get('/v5/logs/hours-waiting')).body.run.state).toBe('suspended');
  const left = page.getByRole('region', { name: 'Log hours-waiting' });
  await left.getByRole('button', { name: 'Send and continue' }).waitFor();
});

test('what was already written to answer a log is in the fork, and in sight', async () => {
  await ask('hours-written');
  const page = await ui.open('/logs/hours-written?view=conversation');
  await page.getByRole('textbox', { name: 'Your result' }).fill('7 to 3');
  await page.getByRole('button', { name: /^Answer it in a fork/ }).click();
  const dialog = dialogOf(page);
  const field = dialog.getByRole('textbox', { name: 'Your result' });
  await expect.poll(() => field.inputValue()).toBe('7 to 3');
  await dialog.getByRole('button', { name: 'Run from turn 2' }).click();
  const right = page.getByRole('region', { name: /^Log fork_/ });
  await right.getByText('lookup says: 7 to 3').waitFor();
});

test('other instructions and another model are another version; turns before it cost nothing', async () => {
  const page = await ui.open('/logs/hours-1?span=hours-1*2');
  await page
    .getByRole('region', { name: 'Details of Turn 2' })
    .getByRole('button', { name: 'Fork from turn 2' })
    .click();
  const dialog = dialogOf(page);
  await dialog.getByRole('textbox', { name: 'Instructions' }).fill('Be brief.');
  await dialog.getByRole('textbox', { name: 'Model' }).fill('small');
  await dialog.getByRole('button', { name: 'Run from turn 2' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/logs\/fork_/);
  await page.getByText('Taken from the original up to here').waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const { body } = await server.get(`/v5/logs/${id}`);
  expect(body.agent).toMatchObject({
    model: 'small',
    template: [{ role: 'system', content: 'Be brief.' }],
  });
  const { body: original } = await server.get('/v5/logs/hours-1');
  expect(body.agent.version_id).not.toBe(original.agent.version_id);
  expect(original.output).toBe('lookup says: 9 to 5');
});

test('a log that has ended goes on with what a user says next', async () => {
  const page = await ui.open('/logs/hours-1?span=hours-1*1');
  await page
    .getByRole('region', { name: 'Details of Turn 1' })
    .getByRole('button', { name: 'Fork from turn 1' })
    .click();
  const dialog = dialogOf(page);
  await dialog.getByRole('combobox', { name: 'From' }).selectOption('After the last turn');
  await dialog.getByRole('textbox', { name: 'What the user says then' }).fill('And tomorrow?');
  await dialog.getByRole('button', { name: 'Run from turn 3' }).click();
  const right = page.getByRole('region', { name: /^Log fork_/ });
  await right.getByText('And tomorrow?').first().waitFor();
});

test('what the server refuses is said in the dialog, which keeps what was written', async () => {
  await play(server, 'two-turns', [{ content: 'Hello.' }]);
  const page = await ui.open('/logs/two-turns?view=conversation', {
    expectedError: /status of 4\d\d/,
  });
  await page.getByText('Hello.').hover();
  await page.getByRole('button', { name: 'Fork from turn 1' }).click();
  await dialogOf(page).getByRole('textbox', { name: 'Model' }).fill('nobody/has-this');
  await page.route('**/fork', (route) =>
    route.fulfill({
      status: 409,
      json: { detail: 'This log cannot be forked.', code: 'cannot_fork', request_id: 'req_1' },
    }),
  );
  await dialogOf(page).getByRole('button', { name: 'Run from turn 1' }).click();
  await dialogOf(page).getByRole('alert').getByText('This log cannot be forked.').waitFor();
  await expect
    .poll(() => dialogOf(page).getByRole('textbox', { name: 'Model' }).inputValue())
    .toBe('nobody/has-this');
});
