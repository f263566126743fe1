import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { keyboardOf } from './keyboard.ts';
import { newMember } from './people.ts';
import { confirm, startUi, takePicture, testLooks } from './ui.ts';

// A model server that knows one key and one model.
const model = createServer((request, response) => {
  const isRight = request.headers.authorization === 'Bearer right-key';
  request.resume().on('end', () => {
    response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isRight ? answer : { error: { message: 'No such key here.' } }));
  });
}).listen(0, '127.0.0.1');
const answer = {
  id: 'chat_1',
  object: 'chat.completion',
  created: 1,
  model: 'small',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hi.' } }],
  usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 },
};
const address = () => `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
afterAll(() => model.close());

const ui = await startUi({ env: { LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' } });
const { server } = ui;

test('a provider key is set, replaced and deleted, and is never shown', async () => {
  const page = await ui.open('/settings/providers');
  const row = page.getByRole('row', { name: /Groq/ });
  await row.getByRole('button', { name: /^Set a key/ }).click();
  await page.getByLabel('API key').fill('gsk_not_a_real_key_4711');
  await takePicture(page, 'provider-key');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save the key' }).click();
  await row.getByText('4711').waitFor();
  await row.getByRole('button', { name: /^Replace/ }).click();
  await page.getByLabel('API key').fill('gsk_not_a_real_key_0815');
  await page.getByRole('button', { name: 'Save the key' }).click();
  await row.getByText('0815').waitFor();
  expect(await page.content()).not.toContain('gsk_not_a_real_key');
  await row.getByRole('button', { name: 'Actions for Groq' }).click();
  await page.getByRole('menuitem', { name: 'Delete the key' }).click();
  await confirm(page, 'Delete the key');
  await row.getByRole('button', { name: /^Set a key/ }).waitFor();
});

test('a custom endpoint is added, tested, corrected and deleted', async () => {
  const page = await ui.open('/settings/providers');
  await page.getByRole('button', { name: 'Add an endpoint' }).click();
  await page.getByLabel('Name', { exact: true }).fill('my-llama');
  await page.getByLabel('Base URL').fill(address());
  await page.getByLabel('API key').fill('wrong-key');
  await page.getByRole('button', { name: 'Header', exact: true }).click();
  await page.getByLabel('Name of header 1').fill('X-Team');
  await page.getByLabel('Value of header 1').fill('support');
  await takePicture(page, 'endpoint');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Add the endpoint' }).click();
  const row = page.getByRole('row', { name: /my-llama/ });
  await row.getByText('a key, 1 header').waitFor();

  await row.getByRole('button', { name: /^Test/ }).click();
  await page.getByRole('textbox', { name: 'Model' }).fill('small');
  await page.keyboard.press('Enter');
  await page
    .getByRole('status')
    .getByText(/No such key here/)
    .waitFor();
  await takePicture(page, 'trial-refused');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

  await row.getByRole('button', { name: 'Actions for my-llama' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel('API key').fill('right-key');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  await row.getByRole('button', { name: /^Test/ }).click();
  await page.getByRole('textbox', { name: 'Model' }).fill('small');
  await page.keyboard.press('Enter');
  await page.getByText('It works.').waitFor();
  await takePicture(page, 'trial-works');
  await page.keyboard.press('Escape');

  await row.getByRole('button', { name: 'Actions for my-llama' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await confirm(page, 'Delete');
  await page.getByText('There is none yet.').waitFor();
});

test('by keyboard alone a key is set and deleted, and an endpoint is added, tested and deleted', async () => {
  const page = await ui.open('/settings/providers');
  const keys = keyboardOf(page);
  const vendor = page.getByRole('row', { name: /DeepSeek/ });
  await keys.activate(vendor.getByRole('button', { name: /^Set a key/ }));
  await keys.fill(page.getByLabel('API key'), 'not_a_real_key_4242');
  await keys.press('Enter');
  await vendor.getByText('4242').waitFor();
  await keys.pick(vendor.getByRole('button', { name: /^Actions/ }), 'Delete the key');
  await keys.activate(page.getByRole('alertdialog').getByRole('button', { name: /^Delete/ }));
  await vendor.getByRole('button', { name: /^Set a key/ }).waitFor();
  await keys.activate(page.getByRole('button', { name: 'Add an endpoint' }));
  await keys.fill(page.getByLabel('Name', { exact: true }), 'by-keys');
  await keys.fill(page.getByLabel('Base URL'), address());
  await keys.fill(page.getByLabel('API key'), 'right-key');
  await keys.activate(page.getByRole('button', { name: 'Header', exact: true }));
  await keys.fill(page.getByLabel('Name of header 1'), 'X-Team');
  await keys.fill(page.getByLabel('Value of header 1'), 'support');
  await keys.press('Enter');
  const endpoint = page.getByRole('row', { name: /by-keys/ });
  await keys.activate(endpoint.getByRole('button', { name: /^Test/ }));
  await keys.fill(page.getByRole('textbox', { name: 'Model' }), 'small');
  await keys.press('Enter');
  await page.getByText('It works.').waitFor();
  await keys.press('Escape');
  await keys.pick(endpoint.getByRole('button', { name: /^Actions/ }), 'Delete');
  await keys.activate(page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }));
  await page.getByText('There is none yet.').waitFor();
});

test('a vendor without a key says so when it is tested', async () => {
  const page = await ui.open('/settings/providers', { expectedError: /status of 422/ });
  await page
    .getByRole('row', { name: /Cohere/ })
    .getByRole('button', { name: /^Test/ })
    .click();
  await page.getByRole('button', { name: 'Make the call' }).click();
  await page.getByRole('alert').getByText(/key/).waitFor();
});

test('an editor sees what there is, and changes nothing', async () => {
  const as = await newMember(server, 'editor', 'Ed Itor');
  const page = await ui.open('/settings/providers', { as });
  await page
    .getByRole('row', { name: /OpenAI/ })
    .first()
    .waitFor();
  await page.getByText('Admins change this. Your role is editor.').waitFor();
  await expect
    .poll(() => page.getByRole('button', { name: /^(Set a key|Test|Add)/ }).count())
    .toBe(0);
});

testLooks(
  'providers',
  ui,
  () => '/settings/providers',
  (page) => page.getByRole('row', { name: /Anthropic/ }).waitFor(),
);
