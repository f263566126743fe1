import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { inline } from './bank.ts';
import { isFocused, keyboardOf } from './keyboard.ts';
import { newMember, password, signIn } from './people.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

/** Makes an agent of the mock provider. @returns its id and that of its version. */
async function make(path: string, fields: object = {}): Promise<{ id: string; version: string }> {
  const { status, body } = await server.post('/v5/agents', {
    path,
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'system', content: 'You are a careful teller of {{bank}}.' }],
    ...fields,
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  return { id: body.id, version: body.version_id };
}

/** The text of the first message of the instructions. */
const instructions = (page: Page) => page.getByRole('textbox', { name: /^Text of System message/ });
const message = (page: Page) => page.getByRole('textbox', { name: /^Message to the/ });
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });

let teller = { id: '', version: '' };

beforeAll(async () => {
  teller = await make('Looks/Teller', {
    temperature: 0.2,
    max_iterations: 5,
    tools: [
      inline('transfer_funds', { to: { type: 'string' }, amount: { type: 'number' } }),
      { ...inline('done', { output: { type: 'string' } }), on_agent_call: 'stop' },
    ],
    other: {
      script: [
        {
          content: 'I am ready to send it.',
          tool_calls: [{ name: 'transfer_funds', arguments: { to: 'Hana', amount: 1250 } }],
        },
        { content: 'It is sent.' },
      ],
    },
  });
});

/** The editor with a draft, and a run that waits. */
async function showRun(page: Page): Promise<void> {
  await instructions(page).fill('You are a careful and polite teller of {{bank}}.');
  const isPhone = (page.viewportSize()?.width ?? 0) < 1024;
  await takePicture(page, `editor-form-${isPhone ? 'phone' : 'wide'}`);
  if (isPhone) await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('textbox', { name: 'bank' }).fill('Bank One');
  await message(page).fill('Please send the rent to Hana.');
  await page.keyboard.press('Control+Enter');
  await conversation(page).getByText('Transfer funds').waitFor();
  await page.getByRole('group', { name: 'Trace' }).getByText('transfer_funds').waitFor();
}

testLooks('editor', ui, () => `/f/${teller.id}/editor`, showRun);

testLooks(
  'editor-tools',
  ui,
  () => `/f/${teller.id}/editor`,
  async (page) => {
    await page.getByRole('button', { name: /^transfer_funds/ }).click();
    const row = page.getByRole('group', { name: 'Parameters', exact: true });
    await row.getByRole('textbox', { name: 'Name of to' }).waitFor();
    await row.scrollIntoViewIfNeeded();
  },
);

test('an agent is written, run, committed and deployed', async () => {
  // The server is asked whether the path is free.
  const page = await ui.open('/', { expectedError: /status of 404/ });
  await page.getByRole('button', { name: 'New file or directory' }).click();
  await page.getByRole('menuitem', { name: /^New file/ }).click();
  const asked = page.getByRole('dialog', { name: 'New file' });
  await asked.getByRole('textbox', { name: 'Name' }).fill('Journey');
  await asked.getByRole('button', { name: 'Make the agent' }).click();
  await page.getByRole('heading', { name: 'Editor', level: 1 }).waitFor();
  const [, id] = /\/f\/(ag_\w+)/.exec(page.url()) ?? [];
  await expect.poll(() => new URL(page.url()).searchParams.get('version')).toMatch(/^agv_/);
  await page.getByRole('combobox', { name: 'Provider' }).selectOption('mock');
  await instructions(page).fill('You serve {{customer}}.');
  await page.getByText('No value yet for {{customer}}').waitFor();
  await page.getByRole('textbox', { name: 'customer' }).fill('Maya');
  await expect.poll(() => page.getByText('No value yet for').count()).toBe(0);
  await page.getByText('Uncommitted changes').waitFor();

  await message(page).fill('Good morning.');
  await page.getByRole('button', { name: /^Run/ }).last().click();
  await conversation(page).getByText('You said: Good morning.').waitFor();
  await page.getByText('Draft, not committed').waitFor();
  await page.getByRole('group', { name: 'Trace' }).getByText('Turn 1').waitFor();
  await message(page).fill('And good evening.');
  await page.keyboard.press('Control+Enter');
  await conversation(page).getByText('You said: And good evening.').waitFor();
  await conversation(page).getByText('You said: Good morning.').waitFor();

  await page.getByRole('button', { name: 'Commit…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Commit' });
  await dialog.getByText('You serve {{customer}}.').waitFor();
  await takePicture(page, 'editor-commit');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('serves');
  await dialog.getByRole('checkbox', { name: /^production/ }).check();
  await dialog.getByRole('button', { name: 'Commit' }).click();
  await page.getByText('Committed serves, and deployed to production').waitFor();
  await takePicture(page, 'editor-toast');
  await page.getByRole('button', { name: 'Version serves' }).waitFor();
  await expect.poll(() => page.getByText('Uncommitted changes').count()).toBe(0);
  // The conversation stays: its draft is this version now.
  await conversation(page).getByText('You said: Good morning.').waitFor();
  const { body } = await server.get(`/v5/agents/${id}`);
  expect(body).toMatchObject({
    version_name: 'serves',
    version_description: 'Instructions changed',
    environments: [{ name: 'production' }],
    inputs: [{ name: 'customer' }],
  });
});

test('all of it is done by keyboard alone', async () => {
  const { id } = await make('Keys/Teller', { template: 'Be brief.' });
  const page = await ui.open(`/f/${id}/editor`);
  const keys = keyboardOf(page);
  await keys.to(instructions(page));
  await keys.press('Control+End');
  await keys.type(' Be kind.');
  await keys.to(message(page));
  await keys.type('Hello.');
  await keys.press('Control+Enter');
  await conversation(page).getByText('You said: Hello.').waitFor();
  await keys.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Commit' });
  await dialog.getByText('Be kind.').waitFor();
  await keys.to(dialog.getByRole('checkbox', { name: /^production/ }));
  await keys.press('Space', 'Enter');
  await page.getByText(/^Committed .* deployed to production$/).waitFor();
  const { body } = await server.get(`/v5/agents/${id}`);
  expect(body.template).toBe('Be brief. Be kind.');
});

test('a draft outlives a reload, another page and the session', async () => {
  const { id } = await make('Drafts/Teller');
  const as = await signIn(server, ui.owner);
  const page = await ui.open(`/f/${id}/editor`, { as, expectedError: /status of 401/ });
  await instructions(page).fill('You are a draft.');
  await page.getByRole('textbox', { name: 'Temperature' }).fill('0.7');
  await page.reload();
  await instructions(page).getByText('You are a draft.').waitFor();
  await page.getByRole('link', { name: 'Logs', exact: true }).click();
  await page.getByRole('heading', { name: 'Logs', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Maya Kern' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: /Sign in/ }).waitFor();
  await page.goto(`${server.url}/f/${id}`);
  await page.getByLabel('Email').fill(as.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await instructions(page).getByText('You are a draft.').waitFor();
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Temperature' }).inputValue())
    .toBe('0.7');
  await page.getByRole('button', { name: 'Discard the changes' }).click();
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await instructions(page).getByText('You are a careful teller').waitFor();
});

test('who is second is shown what was committed meanwhile, and merges it by field', async () => {
  const { id } = await make('Two/Teller', { temperature: 0.2 });
  const page = await ui.open(`/f/${id}/editor`);
  await instructions(page).fill('You are polite.');
  const spec = { id, provider: 'mock', model: 'mock', version_name: 'theirs' };
  await server.post('/v5/agents', {
    ...spec,
    temperature: 0.9,
    template: [{ role: 'system', content: 'You are fast.' }],
  });
  await page.getByRole('button', { name: 'Show both and merge' }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge with theirs' });
  await dialog.getByText('Both changed: Instructions').waitFor();
  await takePicture(page, 'editor-merge');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await page.getByRole('button', { name: 'Version theirs' }).waitFor();
  await instructions(page).getByText('You are polite.').waitFor();
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Temperature' }).inputValue())
    .toBe('0.9');
  await expect
    .poll(() => page.getByRole('button', { name: 'Show both and merge' }).count())
    .toBe(0);
});

test('a draft whose version was deleted is kept: it is committed on the newest one, or thrown away', async () => {
  const { id, version } = await make('Gone/Teller', { version_name: 'first' });
  const page = await ui.open(`/f/${id}/editor`, { expectedError: /status of 404/ });
  await instructions(page).fill('You are kept.');
  const spec = { path: 'Gone/Teller', temperature: 0.5, version_name: 'second' };
  const second = await make(spec.path, spec);
  const environments = `/v5/agents/${id}/environments`;
  const { body } = await server.get(environments);
  await server.post(`${environments}/${body[0].id}?version_id=${second.version}`, {});
  const deletion = `/v5/agents/${id}/versions/${version}`;
  expect((await server.fetch(deletion, { method: 'DELETE' })).status).toBe(204);
  const notice = page.getByRole('status').filter({ hasText: 'was deleted' });
  // The page that is open says so by itself, and so does one that is opened now.
  await notice.waitFor();
  await instructions(page).getByText('You are kept.').waitFor();
  await page.reload();
  await notice.waitFor();
  await takePicture(page, 'editor-gone');
  expect(await accessibilityFaults(page)).toEqual([]);
  await notice.getByRole('button', { name: 'Throw them away…' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await notice.getByRole('button', { name: 'Go on with them on second' }).click();
  await page.getByRole('button', { name: 'Version second' }).waitFor();
  await instructions(page).getByText('You are kept.').waitFor();
  await page.getByRole('button', { name: 'Commit…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Commit' });
  await dialog.getByRole('insertion').filter({ hasText: 'kept' }).waitFor();
  await dialog.getByRole('button', { name: 'Commit' }).click();
  await page.getByText(/^Committed/).waitFor();
  const { body: versions } = await server.get(`/v5/agents/${id}/versions`);
  expect(versions.records[0].template[0].content).toBe('You are kept.');
});

test('on a phone another version is compared, and one is deployed, from the head of the page', async () => {
  const { id } = await make('Phone/Teller', { version_name: 'first' });
  await make('Phone/Teller', { temperature: 0.9, version_name: 'second' });
  const page = await ui.open(`/f/${id}/editor`, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const choose = async (entry: RegExp) => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  await choose(/^second/);
  await page.getByRole('button', { name: 'Run second' }).waitFor();
  await takePicture(page, 'editor-compare-phone');
  expect(await accessibilityFaults(page)).toEqual([]);
  await choose(/^Stop comparing/);
  await expect.poll(() => page.getByRole('button', { name: 'Run second' }).count()).toBe(0);
  await choose(/^Deploy…/);
  await page.getByRole('dialog', { name: 'Deploy first' }).waitFor();
});

test('what the server refuses is said at its field', async () => {
  const { id } = await make('Refused/Teller', { tools: [inline('pay', {})] });
  const page = await ui.open(`/f/${id}/editor`, { expectedError: /status of 422/ });
  await page.getByRole('button', { name: 'Tool', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Function of your own' }).click();
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('pay');
  await page.getByRole('button', { name: 'Commit…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Commit' });
  await dialog.getByRole('button', { name: 'Commit' }).click();
  await dialog.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('p', { hasText: 'There are two tools named `pay`.' }).waitFor();
  await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true');
  // A variable that has no value is refused at its input.
  await message(page).fill('Hello.');
  await name.fill('pay_more');
  await page.keyboard.press('Control+Enter');
  await page.getByText('The template needs an input named bank.').waitFor();
  const bank = page.getByRole('textbox', { name: 'bank' });
  expect(await bank.getAttribute('aria-invalid')).toBe('true');
  await expect.poll(() => bank.evaluate(isFocused)).toBe(true);
  // So is a name that a version cannot have.
  await page.keyboard.press('Control+s');
  const refused = [
    ['x'.repeat(10_000), /255/],
    ['one\u202etwo', /U\+202E/],
  ] as const;
  for (const [wrong, says] of refused) {
    const field = dialog.getByRole('textbox', { name: 'Name' });
    await field.fill(wrong);
    await dialog.getByRole('button', { name: 'Commit' }).click();
    await dialog.getByText(says).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => field.evaluate(isFocused)).toBe(true);
    expect(await dialog.getByRole('alert').count()).toBe(0);
  }
});

test('what is no number, or no JSON, is neither run nor committed: its field is shown', async () => {
  const { id } = await make('Unread/Teller', { template: 'Be brief.', temperature: 0.7 });
  const page = await ui.open(`/f/${id}/editor`);
  const temperature = page.getByRole('textbox', { name: 'Temperature' });
  const isInTemperature = () => temperature.evaluate(isFocused);
  await temperature.fill('0.9abc');
  await message(page).fill('Hello.');
  await page.keyboard.press('Control+Enter');
  await expect.poll(isInTemperature).toBe(true);
  await page.getByText('This is no number').waitFor();
  expect(await message(page).inputValue()).toBe('Hello.');
  // Nor is the last number that was one.
  await temperature.fill('0.9');
  await temperature.fill('0.9x');
  await message(page).focus();
  await page.keyboard.press('Control+s');
  await expect.poll(isInTemperature).toBe(true);
  await message(page).focus();
  await page.getByRole('button', { name: 'Commit…' }).click();
  await expect.poll(isInTemperature).toBe(true);
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await temperature.inputValue()).toBe('0.9x');
  await temperature.fill('0.9');
  // A field with such a text cannot be folded away.
  await page.getByText('More parameters').click();
  const attributes = page.getByRole('textbox', { name: 'Attributes' });
  await attributes.fill('{"team": ');
  await page.getByText('More parameters').click();
  await page.getByText('This is no JSON object yet').waitFor();
  await page.keyboard.press('Control+s');
  await expect.poll(() => attributes.evaluate(isFocused)).toBe(true);
  expect(await page.getByRole('dialog').count()).toBe(0);
  await attributes.fill('{"team": "A"}');
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Commit' });
  await dialog.getByRole('button', { name: 'Commit' }).click();
  await page.getByText(/^Committed /).waitFor();
  const { body } = await server.get(`/v5/agents/${id}/versions`);
  expect(body.records).toHaveLength(2);
  expect(body.records).toContainEqual(
    expect.objectContaining({ temperature: 0.9, attributes: { team: 'A' } }),
  );
  expect((await server.get(`/v5/logs?file_id=${id}`)).body.records).toEqual([]);
});

test('when the provider fails, its own error is shown, and one may try again', async () => {
  const { id } = await make('Down/Teller', {
    template: null,
    other: { script: [{ error: { status: 400, message: 'the model is out of order' } }] },
  });
  const page = await ui.open(`/f/${id}/editor`);
  await message(page).fill('Hello.');
  await page.keyboard.press('Control+Enter');
  await conversation(page)
    .getByText(/the model is out of order/)
    .waitFor();
  await page.getByRole('button', { name: 'Retry' }).click();
  await conversation(page)
    .getByText(/the model is out of order/)
    .waitFor();
  await expect.poll(async () => (await server.get(`/v5/logs?file_id=${id}`)).body.total).toBe(2);
});

test('a run whose stream is cut is joined again, and can be stopped', async () => {
  const words = Array.from({ length: 60 }, (_, index) => `said${index}`).join(' ');
  const { id } = await make('Cut/Teller', {
    template: null,
    other: { script: [{ content: words, word_delay_ms: 60 }, { delay_ms: 600_000 }] },
  });
  let cut = 0;
  const page = await ui.open(`/f/${id}/editor`, {
    expectedError: /ERR_CONNECTION_RESET/,
    before: (context) =>
      context.route('**/events*', (route) => {
        cut += 1;
        return cut === 1 ? route.abort('connectionreset') : route.continue();
      }),
  });
  await message(page).fill('Count.');
  await page.keyboard.press('Control+Enter');
  await conversation(page).getByText('said59').waitFor();
  expect(cut).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Run again' }).waitFor();
  await message(page).fill('Again.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('cancelled').waitFor();
});

test('a run is found again after a reload that came before its first answer', async () => {
  const { id } = await make('Reloaded/Teller', {
    other: { script: [{ delay_ms: 600_000 }] },
  });
  const page = await ui.open(`/f/${id}/editor`, {
    // The server gets the request, and the page never gets the answer.
    before: (context) =>
      context.route('**/v5/agents/call*', (route) => {
        void route.fetch().catch(() => undefined);
      }),
  });
  await page.getByRole('textbox', { name: 'bank' }).fill('Bank One');
  await message(page).fill('Wait.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await expect
    .poll(async () => (await server.get(`/v5/logs?file_id=${id}`)).body.records?.length)
    .toBe(1);
  await page.reload();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('cancelled').waitFor();
});

test('a viewer may try changes, and is offered nothing that needs more', async () => {
  const as = await newMember(server, 'viewer', 'Vera Kim');
  const page = await ui.open(`/f/${teller.id}/editor`, { as });
  await page.getByText('You may try changes, not commit them').waitFor();
  await page.getByRole('button', { name: 'Tool', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Function of your own' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'New Python tool' }).count()).toBe(0);
  await takePicture(page, 'editor-viewer');
});

test('a double click on Run runs it: its second click does not stop the run', async () => {
  const { id } = await make('Doubled/Teller', {
    template: null,
    other: { script: [{ delay_ms: 600_000 }] },
  });
  const page = await ui.open(`/f/${id}/editor`);
  await message(page).fill('Wait.');
  await page.getByRole('button', { name: /^Run/ }).last().dblclick();
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.waitFor();
  const logs = async () => (await server.get(`/v5/logs?file_id=${id}`)).body.records;
  await expect.poll(logs).toMatchObject([{ run: { state: 'running' } }]);
  await stop.click();
  await page.getByText('cancelled').waitFor();
});

test('a run that waits is answered in the editor, and goes on', async () => {
  const page = await ui.open(`/f/${teller.id}/editor`);
  await page.getByRole('textbox', { name: 'bank' }).fill('Bank One');
  await message(page).fill('Please send the rent to Hana.');
  await page.keyboard.press('Control+Enter');
  const card = page.getByRole('region', { name: 'Waiting for a result' });
  await card.getByRole('textbox').fill('executed');
  await card.getByRole('button', { name: 'Send and continue' }).click();
  await conversation(page).getByText('It is sent.').waitFor();
});

test('what a model answers is text: no script of it runs', async () => {
  const { id } = await make('Hostile/Teller', {
    template: null,
    other: {
      script: [{ content: '<script>document.title = "owned"</script> <img src=x onerror=1>' }],
    },
  });
  const page = await ui.open(`/f/${id}/editor`);
  await message(page).fill('<b>Hello</b> {{no}}');
  await page.keyboard.press('Control+Enter');
  await conversation(page).getByText('document.title = "owned"').waitFor();
  expect(await page.title()).toContain('Editor of Teller');
  await expect.poll(() => conversation(page).locator('img, script, b').count()).toBe(0);
});

test('the raw file and the form are one draft, and a fault keeps the last good form', async () => {
  const { id } = await make('Raw/Teller', { temperature: 1 });
  const text = await (await server.fetch(`/v5/agents/${id}/serialize`)).text();
  const withTemperature = (value: string) =>
    text.replace('temperature: 1.0', `temperature: ${value}`);
  const page = await ui.open(`/f/${id}/editor`, { expectedError: /status of 422/ });
  await page.getByRole('textbox', { name: 'Temperature' }).fill('0.4');
  await page.getByRole('button', { name: 'Raw file' }).click();
  const raw = page.getByRole('textbox', { name: 'Teller.agent' });
  await raw.getByText('temperature: 0.4').waitFor();
  await raw.fill(withTemperature('0.6'));
  await page.getByRole('button', { name: 'Form' }).click();
  const temperature = page.getByRole('textbox', { name: 'Temperature' });
  await expect.poll(() => temperature.inputValue()).toBe('0.6');
  await page.getByRole('button', { name: 'Raw file' }).click();
  await raw.getByText('temperature: 0.6').waitFor();
  await raw.fill(withTemperature('warm'));
  await page
    .getByRole('alert')
    .getByText(/^Line \d+, column \d+/)
    .waitFor();
  await takePicture(page, 'editor-raw');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.reload();
  await page
    .getByRole('alert')
    .getByText(/^Line \d+, column \d+/)
    .waitFor();
  await page.getByRole('button', { name: 'Form' }).click();
  await page.getByText('The raw file cannot be read.').waitFor();
  await expect.poll(() => temperature.inputValue()).toBe('0.6');
});

test('a default that a version writes out is kept by a commit, and one that it leaves out is left out', async () => {
  for (const [name, fields, inForm, inText] of [
    ['Written', { temperature: 1 }, '1', 'temperature: 1.0'],
    ['Left out', {}, '', undefined],
  ] as const) {
    const { id } = await make(`Defaults/${name}`, fields);
    const page = await ui.open(`/f/${id}/editor`);
    const temperature = page.getByRole('textbox', { name: 'Temperature' });
    await instructions(page).fill('Be brief.');
    expect(await temperature.inputValue()).toBe(inForm);
    expect(await temperature.getAttribute('placeholder')).toBe('Default');
    // The raw file says the same, and to look at it changes nothing.
    await page.getByRole('button', { name: 'Raw file' }).click();
    await page
      .getByRole('textbox', { name: `${name}.agent` })
      .getByText('Be brief.')
      .waitFor();
    await page.getByRole('button', { name: 'Form' }).click();
    await page.getByRole('button', { name: 'Commit…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Commit' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('brief');
    await dialog.getByRole('button', { name: 'Commit' }).click();
    await page.getByRole('button', { name: 'Version brief' }).waitFor();
    const { body } = await server.get(`/v5/agents/${id}/versions`);
    const [{ version_id: newest }] = body.records;
    const read = await server.fetch(
      `/v5/agents/${id}/serialize?version_id=${newest}&given_defaults=true`,
    );
    const text = await read.text();
    expect(text).toContain('Be brief.');
    expect(/^temperature: .*$/m.exec(text)?.[0]).toBe(inText);
  }
});

test('a commit that only writes a default out says that it makes no new version', async () => {
  const { id, version } = await make('Defaults/Same');
  const page = await ui.open(`/f/${id}/editor`);
  await page.getByRole('textbox', { name: 'Temperature' }).fill('1');
  await page.getByRole('button', { name: 'Commit…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Commit' });
  await dialog.getByText(/^This makes no new version: #\w+ sends these defaults/).waitFor();
  await takePicture(page, 'editor-commit-same');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Commit' }).click();
  await expect.poll(() => page.getByText('Uncommitted changes').count()).toBe(0);
  const { body } = await server.get(`/v5/agents/${id}`);
  expect(body).toMatchObject({ version_id: version, given_defaults: ['temperature'] });
});

test('a run of a draft that only writes a default out runs the version, and changes nothing of it', async () => {
  const { id, version } = await make('Defaults/Run', { template: 'You help.' });
  const page = await ui.open(`/f/${id}/editor`);
  await page.getByRole('textbox', { name: 'Temperature' }).fill('1');
  await page.getByText('Uncommitted changes').waitFor();
  await page.getByRole('textbox', { name: 'Message to the agent' }).fill('Hello');
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.getByText(/^This version/).waitFor();
  const { body } = await server.get(`/v5/agents/${id}`);
  expect(body).toMatchObject({ version_id: version, given_defaults: [] });
});

test('two versions are run with the same inputs, and D shows how their answers differ', async () => {
  const { id, version } = await make('Compared/Teller', {
    template: null,
    other: { script: [{ content: 'The rent is paid in full.' }] },
  });
  const { body: other } = await server.post('/v5/agents', {
    id,
    provider: 'mock',
    model: 'mock',
    version_name: 'second',
    other: { script: [{ content: 'The rent is paid in part.' }] },
  });
  const page = await ui.open(`/f/${id}/editor?version=${version}`);
  await page.getByRole('button', { name: 'Compare with another version' }).click();
  await page.getByRole('menuitem', { name: /^second/ }).click();
  await page.getByRole('region', { name: `Version ${other.version_id}` }).waitFor();
  await message(page).fill('Is it paid?');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('log').getByText('paid in full.').waitFor();
  await page.getByRole('log').getByText('paid in part.').waitFor();
  await page.getByRole('heading', { name: /^second/ }).click();
  await page.keyboard.press('d');
  await page.locator('del', { hasText: 'full' }).waitFor();
  await page.locator('ins', { hasText: 'part' }).waitFor();
  await takePicture(page, 'editor-compare');
  expect(await accessibilityFaults(page)).toEqual([]);
});

test('a prompt is edited and run, too', async () => {
  const { body } = await server.post('/v5/prompts', {
    path: 'Prompts/Summary',
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'user', content: 'Summarise {{text}}' }],
    other: { script: [{ content: 'It is short.', word_delay_ms: 20 }] },
  });
  const page = await ui.open(`/f/${body.id}`);
  await page.getByRole('textbox', { name: 'text', exact: true }).fill('A long text.');
  await page.getByRole('button', { name: 'Run', exact: false }).last().click();
  await conversation(page).getByText('It is short.').waitFor();
  await expect.poll(() => page.getByRole('textbox', { name: 'Max iterations' }).count()).toBe(0);
});

test('a tool says in words what happens on a call, and a linked one is run here', async () => {
  const { id } = await make('Tools/Teller', { template: null });
  const page = await ui.open(`/f/${id}/editor`);
  const add = async (name: string) => {
    await page.getByRole('button', { name: 'Tool', exact: true }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await add('Function of your own');
  const onCall = page.getByRole('combobox', { name: 'What happens on a call of new_tool' });
  expect(await onCall.locator('option').allTextContents()).toEqual(['Wait for the client', 'Stop']);
  await onCall.selectOption('Stop');
  await add('New Python tool');
  const dialog = page.getByRole('dialog', { name: 'New Python tool' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('shout');
  await dialog.getByRole('textbox', { name: 'Description', exact: true }).fill('Says it loudly.');
  await dialog.getByRole('textbox', { name: 'Code' }).waitFor();
  await takePicture(page, 'editor-python');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make and link' }).click();
  const python = page.getByRole('combobox', { name: 'What happens on a call of shout' });
  await expect
    .poll(() => python.locator('option').allTextContents())
    .toEqual(['Run it here', 'Stop']);
  await add('MCP server');
  await page.getByRole('textbox', { name: 'Address' }).fill('https://tools.test/mcp');
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Commit' }).click();
  await page.getByText(/^Committed/).waitFor();
  const { body } = await server.get(`/v5/agents/${id}/versions`);
  const [newest] = body.records;
  expect(newest.tools.map((tool: { type: string }) => tool.type)).toEqual([
    'inline',
    'file',
    'mcp',
  ]);
  expect(newest.tools[0].on_agent_call).toBe('stop');
});

test('by keyboard alone a Python tool is written: Escape leaves the code, and not the dialog', async () => {
  const { id } = await make('Keys/Tools', { template: null });
  const page = await ui.open(`/f/${id}/editor`);
  const keys = keyboardOf(page);
  const add = page.getByRole('main').getByRole('button', { name: 'Tool', exact: true });
  await keys.pick(add, 'New Python tool');
  const dialog = page.getByRole('dialog', { name: 'New Python tool' });
  await keys.fill(dialog.getByRole('textbox', { name: 'Name', exact: true }), 'whisper');
  await keys.fill(
    dialog.getByRole('textbox', { name: 'Description', exact: true }),
    'Says it quietly.',
  );
  await keys.to(dialog.getByRole('textbox', { name: 'Code' }));
  await keys.activate(dialog.getByRole('button', { name: 'Make and link' }));
  await page.getByRole('combobox', { name: 'What happens on a call of whisper' }).waitFor();
});

test('inputs are taken from a datapoint', async () => {
  const { id } = await make('Datasets/Teller');
  const { status } = await server.post('/v5/datasets', {
    path: 'Datasets/Banks',
    datapoints: [
      { inputs: { bank: 'Bank Two' }, messages: [{ role: 'user', content: 'Is it open?' }] },
    ],
  });
  expect(status).toBe(200);
  const page = await ui.open(`/f/${id}/editor`);
  await page.getByRole('button', { name: 'From a dataset' }).click();
  await page.getByRole('button', { name: /^Banks/ }).click();
  await page.getByRole('button', { name: 'bank: Bank Two' }).click();
  await expect
    .poll(() => page.getByRole('textbox', { name: 'bank' }).inputValue())
    .toBe('Bank Two');
  await expect.poll(() => message(page).inputValue()).toBe('Is it open?');
});

test('very long names and text from right to left fit', async () => {
  const long = 'A_very_long_name_that_somebody_gave_without_thinking_of_those_who_read_it'.repeat(
    2,
  );
  const { id } = await make(`Long/${long}`, {
    template: [{ role: 'system', content: `أنت صراف في {{bank}}.\n${'x'.repeat(400)}` }],
    tools: [inline(long.slice(0, 120), { [long.slice(0, 60)]: { type: 'string' } })],
    version_name: long,
  });
  const page = await ui.open(`/f/${id}/editor`, { viewport: { width: 390, height: 844 } });
  await instructions(page).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: /^A_very_long_name/ }).click();
  await takePicture(page, 'editor-long');
  const direction = 'getComputedStyle(document.querySelector("[dir=auto]")).direction';
  expect(await page.evaluate(direction)).toBe('rtl');
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  expect(await accessibilityFaults(page)).toEqual([]);
});
