import type { Page } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { newMember } from './people.ts';
import { confirm, startUi, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

/** A run that has lost its server, and with it the key that its call had brought. */
async function interrupt(logId: string): Promise<void> {
  const script = [
    { content: 'One moment.', tool_calls: [{ name: 'nothing', arguments: {} }] },
    { content: 'Here I am again.', delay_ms: 1_500 },
  ];
  const call = server.post('/v5/agents/call', {
    path: `Plays/${logId}`,
    agent: { provider: 'mock', model: 'mock', other: { script } },
    messages: [{ role: 'user', content: 'Please go on.' }],
    log_id: logId,
    provider_api_keys: { openai: 'sk-for-this-call' },
  });
  call.catch(() => undefined);
  const turns = async () => (await server.get(`/v5/logs/${logId}`)).body.turns?.length;
  await vi.waitFor(async () => expect(await turns()).toBe(1), 10_000);
  await server.sql(
    `UPDATE run SET lease_owner = 'own_dead', lease_token = lease_token + 1,
      lease_expires_at = now() - interval '1 second' WHERE log_id = $1`,
    [logId],
  );
  const state = async () => (await server.get(`/v5/logs/${logId}`)).body.run?.state;
  await vi.waitFor(async () => expect(await state()).toBe('interrupted'), 10_000);
}

const cardOf = (page: Page) => page.getByRole('region', { name: 'Interrupted' });

beforeAll(() => interrupt('looks-1'));
testLooks(
  'interrupted',
  ui,
  () => '/logs/looks-1?view=conversation',
  (page) => cardOf(page).getByRole('button', { name: 'Continue the run' }).waitFor(),
);

test('an interrupted run says what happened, and goes on with the key that was lost', async () => {
  await interrupt('goes-on-1');
  const page = await ui.open('/logs/goes-on-1', { expectedError: /status of 422/ });
  const card = cardOf(page);
  await card.getByText(/^Its server stopped, and the provider keys/).waitFor();
  await card.getByRole('button', { name: 'Continue the run' }).click();
  await card
    .getByRole('alert')
    .getByText(/its key for `openai` was lost/)
    .waitFor();
  await card.getByLabel('API key for openai').fill('sk-for-this-call');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('Here I am again.').waitFor();
  await expect.poll(() => card.count()).toBe(0);
  expect(await page.content()).not.toContain('sk-for-this-call');
});

test('an interrupted run is stopped, and its log stays', async () => {
  await interrupt('stopped-1');
  const page = await ui.open('/logs/stopped-1');
  await cardOf(page).waitFor();
  await page.getByRole('button', { name: 'Stop…' }).click();
  await confirm(page, 'Stop the run');
  await expect.poll(() => cardOf(page).count()).toBe(0);
  await page.getByRole('log').getByText('One moment.').waitFor();
  expect((await server.get('/v5/logs/stopped-1')).body.error).toBe('cancelled');
});

test('Home shows it among what needs somebody; who may only read cannot continue it', async () => {
  await interrupt('home-1');
  const page = await ui.open('/', { as: await newMember(server, 'viewer', 'Vera Kim') });
  await page.getByRole('button', { name: /home-1.*Interrupted/ }).click();
  await page.getByText('You may read this, and not continue it.').waitFor();
  await expect.poll(() => page.getByLabel('API key for openai').count()).toBe(0);
});
