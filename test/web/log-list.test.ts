import { beforeAll, expect, test } from 'vitest';
import { makeBank, payRent } from './bank.ts';
import { keyboardOf } from './keyboard.ts';
import { startUi, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

const questions = [
  'What did I spend on groceries in October?',
  'Freeze my card ending in 4417',
  'Can I raise my daily limit to 5000?',
];

beforeAll(async () => {
  await makeBank(server);
  await payRent(server, 'rent-1');
  for (let n = 0; n < 24; n++) {
    const fails = n % 8 === 3;
    await server.post('/v5/prompts/call', {
      path: `Support/${n % 2 ? 'Answer a mail' : 'Summarise'}`,
      prompt: {
        provider: 'mock',
        model: 'small',
        other: {
          script: [
            fails
              ? { error: { status: 400, message: 'overloaded' } }
              : { content: `Answer ${n}.`, usage: { input_tokens: 100 + n, output_tokens: 10 } },
          ],
        },
      },
      messages: [{ role: 'user', content: `${questions[n % 3]}` }],
      log_id: `mail-${n}`,
      environment: 'production',
    });
  }
});

testLooks(
  'logs',
  ui,
  () => '/logs',
  (page) =>
    page
      .getByText('Answer 20.')
      .or(page.getByText('Freeze my card ending in 4417'))
      .first()
      .waitFor(),
);
testLooks(
  'home',
  ui,
  () => '/',
  (page) => page.getByRole('heading', { name: 'Needs you' }).waitFor(),
);

test('a filter is in the address: the link shows the same, and Back undoes it', async () => {
  const page = await ui.open('/logs');
  const grid = page.getByRole('grid', { name: 'Logs' });
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('25');
  await page.keyboard.press('f');
  await page.getByRole('menuitemcheckbox', { name: 'Error' }).click();
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('3');
  await expect.poll(() => new URL(page.url()).search).toBe('?status=error');
  const again = await ui.open(`/logs${new URL(page.url()).search}`);
  await expect
    .poll(() => again.getByRole('grid', { name: 'Logs' }).getAttribute('aria-rowcount'))
    .toBe('3');
  await again.getByRole('button', { name: 'Remove the filter status' }).click();
  await expect
    .poll(() => again.getByRole('grid', { name: 'Logs' }).getAttribute('aria-rowcount'))
    .toBe('25');
  await again.goBack();
  await expect
    .poll(() => again.getByRole('grid', { name: 'Logs' }).getAttribute('aria-rowcount'))
    .toBe('3');
});

test('a search narrows while one types, and finds nothing in words', async () => {
  const page = await ui.open('/logs');
  await page.getByRole('grid', { name: 'Logs' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('Answer 20');
  await expect
    .poll(() => page.getByRole('grid', { name: 'Logs' }).getAttribute('aria-rowcount'))
    .toBe('1');
  await page.keyboard.type('zzz');
  await page.getByText('No log matches these filters.').waitFor();
});

test('by keyboard alone: down the rows, a peek, the log, and the next one within the filter', async () => {
  const page = await ui.open('/logs?status=error');
  const grid = page.getByRole('grid', { name: 'Logs' });
  await grid.getByRole('row').first().waitFor();
  await keyboardOf(page).to(grid);
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  const peek = page.getByRole('complementary', { name: /^Log mail-/ });
  await peek.getByText('The run ended with an error').waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('peek')).toBe('mail-19');
  await page.keyboard.press('j');
  await expect.poll(() => new URL(page.url()).searchParams.get('peek')).toBe('mail-11');
  await page.keyboard.press('Escape');
  await expect.poll(() => peek.count()).toBe(0);
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/logs/mail-11');
  await page.getByRole('button', { name: 'Next log' }).waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Next log' }).isEnabled()).toBe(true);
  await page.keyboard.press(']');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/logs/mail-3');
});

test('a new log appears by itself', async () => {
  const page = await ui.open('/logs');
  await page.getByRole('grid', { name: 'Logs' }).waitFor();
  await payRent(server, 'rent-2');
  await expect
    .poll(() => page.getByRole('grid', { name: 'Logs' }).getAttribute('aria-rowcount'))
    .toBe('26');
});

test('who is further down sees no row move: new logs are counted, and shown when asked for', async () => {
  const page = await ui.open('/logs');
  const grid = page.getByRole('grid', { name: 'Logs' });
  await grid.focus();
  await page.keyboard.press('End');
  await expect.poll(() => grid.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
  const rows = Number(await grid.getAttribute('aria-rowcount'));
  await payRent(server, 'rent-3');
  await page.getByRole('button', { name: '1 new log' }).waitFor();
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(rows));
  await page.getByRole('button', { name: '1 new log' }).click();
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(rows + 1));
});

test('the logs of one file show its versions, and no other file', async () => {
  const page = await ui.open('/logs');
  await page
    .getByRole('navigation', { name: 'Files' })
    .getByRole('link', { name: 'Summarise' })
    .click();
  await page.getByRole('link', { name: 'Logs', exact: true }).click();
  await page.getByRole('grid', { name: 'Logs' }).waitFor();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/f\/pr_\w+\/logs$/);
  await expect
    .poll(() => page.getByRole('grid', { name: 'Logs' }).getAttribute('aria-rowcount'))
    .toBe('12');
});
