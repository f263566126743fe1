import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { inline, play } from './bank.ts';
import { keyboardOf } from './keyboard.ts';
import { newMember, type Person, postAs } from './people.ts';
import { runInShell } from './run-in-shell.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;
const tom = await newMember(server, 'editor', 'Tom Reed');

const weather = {
  ...inline('get_weather', { city: { type: 'string' } }),
  result_schema: {
    type: 'object',
    properties: { sky: { enum: ['clear', 'rain'] }, degrees: { type: 'number' } },
    required: ['sky', 'degrees'],
  },
};
const person = inline('ask_a_person', { question: { type: 'string' } });

/** A run that waits for two results: one that says what it looks like, and one that is any text. */
async function waitForTwo(logId: string, last: object = { content: 'Take an umbrella.' }) {
  const tool_calls = [
    { name: 'get_weather', arguments: { city: 'Berlin' } },
    { name: 'ask_a_person', arguments: { question: 'Is there an umbrella?' } },
  ];
  const script = [{ content: 'One moment.', tool_calls }, last];
  await play(server, logId, script, { tools: [weather, person], message: 'Shall I go out?' });
}

const cardOf = (page: Page) => page.getByRole('region', { name: 'Waiting for a result' });

async function writeBoth(page: Page): Promise<void> {
  const card = cardOf(page);
  await card.getByRole('combobox', { name: 'sky' }).selectOption('rain');
  await card.getByRole('textbox', { name: 'degrees' }).fill('8.5');
  await card.getByRole('textbox', { name: 'Your result' }).fill('Yes, a red one.');
}

/** The results that a run got, by the ids of their calls. */
async function resultsOf(logId: string): Promise<Record<string, unknown>> {
  const { body } = await server.get(`/v5/logs/${logId}`);
  return Object.fromEntries(
    body.messages
      .filter(({ role }: { role: string }) => role === 'tool')
      .map((message: { tool_call_id: string; content: unknown }) => [
        message.tool_call_id,
        message.content,
      ]),
  );
}

const answersElsewhere = (logId: string) => ({
  log_id: logId,
  messages: [
    { role: 'tool', tool_call_id: 'call_1_1', content: '{"sky":"clear","degrees":21}' },
    { role: 'tool', tool_call_id: 'call_1_2', content: 'No umbrella here.' },
  ],
});

/** Somebody else answers. */
async function answerElsewhere(logId: string, person: Person = tom): Promise<void> {
  await postAs(server, person, '/v5/agents/continue', answersElsewhere(logId));
}

/** A program answers. */
async function answerByProgram(logId: string): Promise<void> {
  const { status } = await server.post('/v5/agents/continue', answersElsewhere(logId));
  expect(status).toBe(200);
}

await waitForTwo('looks-1');
testLooks(
  'answer',
  ui,
  () => '/logs/looks-1?view=conversation',
  (page) => cardOf(page).getByRole('button', { name: 'Send and continue' }).waitFor(),
);

testLooks(
  'home-answer',
  ui,
  () => '/',
  async (page) => {
    await page.getByRole('button', { name: /looks-1.*Waiting for you/ }).click();
    await cardOf(page).getByRole('button', { name: 'Send and continue' }).waitFor();
  },
);

test('two waiting calls: written, kept by a reload, sent together, and the conversation goes on', async () => {
  await waitForTwo('two-1');
  const page = await ui.open('/logs/two-1');
  await writeBoth(page);
  await page.reload();
  const card = cardOf(page);
  await expect
    .poll(() => card.getByRole('textbox', { name: 'Your result' }).inputValue())
    .toBe('Yes, a red one.');
  await expect.poll(() => card.getByRole('textbox', { name: 'degrees' }).inputValue()).toBe('8.5');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/v5/agents/continue')) sent.push(request.postData() ?? '');
  });
  await card.getByRole('button', { name: 'Send and continue' }).dblclick();
  await page.getByRole('log').getByText('Take an umbrella.').waitFor();
  await expect.poll(() => card.count()).toBe(0);
  expect(sent.length).toBe(1);
  expect(await resultsOf('two-1')).toEqual({
    call_1_1: '{"sky":"rain","degrees":8.5}',
    call_1_2: 'Yes, a red one.',
  });
});

test('a linked tool is answered in a form, too: its file says what a result looks like', async () => {
  const { type: _, json_schema, ...result } = weather;
  const { body: tool } = await server.post('/v5/tools', {
    path: 'Weather/get_weather',
    function: json_schema,
    ...result,
  });
  const tool_calls = [{ name: 'get_weather', arguments: { city: 'Berlin' } }];
  await play(server, 'linked-1', [{ tool_calls }, { content: 'Stay at home.' }], {
    tools: [{ type: 'file', link: { file_id: tool.id } }],
  });
  const page = await ui.open('/logs/linked-1');
  const card = cardOf(page);
  await card.getByRole('combobox', { name: 'sky' }).selectOption('rain');
  // All its digits count, also after a reload.
  await card.getByRole('textbox', { name: 'degrees' }).fill('12345678901234567890');
  await page.reload();
  const degrees = card.getByRole('textbox', { name: 'degrees' });
  await expect.poll(() => degrees.inputValue()).toBe('12345678901234567890');
  await card.getByRole('button', { name: 'Send and continue' }).click();
  await page.getByRole('log').getByText('Stay at home.').waitFor();
  expect(Object.values(await resultsOf('linked-1'))).toEqual([
    '{"sky":"rain","degrees":12345678901234567890}',
  ]);
});

test('the file of a tool says what a result looks like, and the agent that links it shows it', async () => {
  const { body: tool } = await server.post('/v5/tools', {
    path: 'Weather/feel_wind',
    function: { name: 'feel_wind', description: 'Feels the wind.' },
  });
  const { body: agent } = await server.post('/v5/agents', {
    path: 'Weather/Sailor',
    provider: 'mock',
    model: 'mock',
    tools: [{ type: 'file', link: { file_id: tool.id } }],
  });
  const page = await ui.open(`/f/${tool.id}/editor`);
  const result = page.getByRole('group', { name: 'Result' });
  await result.getByRole('button', { name: 'Field' }).click();
  await result.getByRole('textbox', { name: 'Name of field' }).fill('knots');
  await page
    .getByRole('region', { name: 'Preview' })
    .getByRole('textbox', { name: 'knots' })
    .waitFor();
  await takePicture(page, 'tool-result');
  await page.getByRole('button', { name: 'Commit…' }).click();
  const commit = page.getByRole('dialog', { name: 'Commit' });
  await commit.getByText('knots').waitFor();
  await commit.getByRole('button', { name: 'Commit' }).click();
  await page.getByText(/^Committed/).waitFor();
  const { body: versions } = await server.get(`/v5/tools/${tool.id}/versions`);
  const [{ version_id }] = versions.records;
  const { body: environments } = await server.get('/v5/environments');
  await server.post(
    `/v5/tools/${tool.id}/environments/${environments[0].id}?version_id=${version_id}`,
    {},
  );
  await page.goto(new URL(`/f/${agent.id}/editor`, page.url()).href);
  await page.getByRole('button', { name: /^feel_wind/ }).click();
  await page.getByText('It is answered with knots.').waitFor();
});

test('what is missing is said at its field, and nothing is sent', async () => {
  await waitForTwo('missing-1');
  const page = await ui.open('/logs/missing-1');
  const card = cardOf(page);
  await card.getByRole('textbox', { name: 'degrees' }).fill('warm');
  await card.getByRole('button', { name: 'Send and continue' }).click();
  await card.getByText('Write the result, or reject the call.').waitFor();
  await card.getByText('This must be a number.').waitFor();
  expect((await server.get('/v5/logs/missing-1')).body.run.state).toBe('suspended');
});

test('a call is rejected with a reason, which the model reads', async () => {
  await waitForTwo('reject-1');
  const page = await ui.open('/logs/reject-1');
  await writeBoth(page);
  const card = cardOf(page);
  await card.getByRole('button', { name: 'Reject…' }).last().click();
  await card.getByRole('textbox', { name: 'Rejected. Why?' }).fill('Nobody is at home.');
  await card.getByText('2 calls, answered together, 1 rejected').waitFor();
  await card.getByRole('button', { name: 'Send and continue' }).click();
  await page.getByRole('log').getByText('Take an umbrella.').waitFor();
  expect((await resultsOf('reject-1'))['call_1_2']).toBe(
    'Error: The call was rejected. Nobody is at home.',
  );
});

test('a result may be written as JSON', async () => {
  await waitForTwo('json-1');
  const page = await ui.open('/logs/json-1');
  await writeBoth(page);
  const card = cardOf(page);
  await card.getByRole('button', { name: 'JSON' }).last().click();
  await card.getByRole('textbox', { name: 'Your result' }).fill('{"umbrellas": 1.00');
  await card.getByRole('button', { name: 'Send and continue' }).click();
  await card.getByText('This is not JSON yet.').waitFor();
  await card.getByRole('textbox', { name: 'Your result' }).fill('{"umbrellas": 1.00}');
  await card.getByRole('button', { name: 'Send and continue' }).click();
  await page.getByRole('log').getByText('Take an umbrella.').waitFor();
  expect((await resultsOf('json-1'))['call_1_2']).toBe('{"umbrellas": 1.00}');
});

test('somebody else answers first: who, and what, is shown, and what was written here is not lost', async () => {
  await waitForTwo('first-1');
  const page = await ui.open('/logs/first-1');
  await writeBoth(page);
  await answerElsewhere('first-1');
  const notice = page.getByRole('region', { name: 'Answered by somebody else' });
  await notice.getByRole('heading', { name: 'Tom Reed answered first' }).waitFor();
  await notice.getByText('No umbrella here.').waitFor();
  await notice.getByText('Yes, a red one.').waitFor();
  await notice.getByText(/^at \d\d:\d\d:\d\d$/).waitFor();
  await takePicture(page, 'answered-first');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('log').getByText('Take an umbrella.').waitFor();
  await notice.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => notice.count()).toBe(0);
});

test('somebody else answers in the moment in which one sends: one answer counts, and both are seen', async () => {
  await waitForTwo('race-1');
  const page = await ui.open('/logs/race-1', { expectedError: /status of 409/ });
  await page.route('**/v5/agents/continue', async (route) => {
    await answerElsewhere('race-1');
    await route.continue();
  });
  await writeBoth(page);
  await cardOf(page).getByRole('button', { name: 'Send and continue' }).click();
  const notice = page.getByRole('region', { name: 'Answered by somebody else' });
  await notice.getByText('No umbrella here.').waitFor();
  expect((await resultsOf('race-1'))['call_1_2']).toBe('No umbrella here.');
});

test('a program that answers first is known by its key, and so is one’s own other window', async () => {
  await waitForTwo('program-1');
  const page = await ui.open('/logs/program-1');
  await cardOf(page).waitFor();
  await answerByProgram('program-1');
  await page.getByRole('heading', { name: /^API key .+ answered first$/ }).waitFor();

  await waitForTwo('own-1');
  await page.goto(`${server.url}/logs/own-1`);
  await cardOf(page).waitFor();
  await answerElsewhere('own-1', ui.owner);
  await page.getByRole('heading', { name: 'You answered first, somewhere else' }).waitFor();
});

test('the trace says who answered a call, and when', async () => {
  await waitForTwo('who-1');
  await answerElsewhere('who-1');
  const page = await ui.open(`/logs/who-1?span=${encodeURIComponent('who-1*1*call_1_2')}`);
  const inspector = page.getByRole('region', { name: 'Details of ask_a_person' });
  await inspector.getByRole('tab', { name: 'Facts' }).click();
  await inspector.getByText('Tom Reed').waitFor();
  await inspector.getByText('Answered', { exact: true }).waitFor();
  const call = page.getByRole('log').getByRole('button', { name: /^Ask a person/ });
  await call.click();
  await page.getByRole('heading', { name: 'Result from Tom Reed' }).waitFor();
  await takePicture(page, 'who-answered');
});

test('the cURL beside Send is the request: it continues the run, and the page shows it', async () => {
  await waitForTwo('curl-1');
  const page = await ui.open('/logs/curl-1');
  await writeBoth(page);
  await cardOf(page).getByRole('button', { name: 'Copy as' }).click();
  await page.getByRole('menuitem', { name: 'cURL' }).click();
  await page.getByText('Copied as cURL').waitFor();
  runInShell(String(await page.evaluate('navigator.clipboard.readText()')), server.key);
  expect((await resultsOf('curl-1'))['call_1_2']).toBe('Yes, a red one.');
  await page.getByRole('log').getByText('Take an umbrella.').waitFor();
});

test('by keyboard alone: into the form, through it, and sent', async () => {
  await waitForTwo('keys-1');
  const page = await ui.open('/logs/keys-1?view=conversation');
  const keys = keyboardOf(page);
  const card = cardOf(page);
  await keys.to(card.getByRole('combobox', { name: 'sky' }));
  await keys.press('r');
  await keys.fill(card.getByRole('textbox', { name: 'degrees' }), '8');
  await keys.activate(card.getByRole('button', { name: 'Reject…' }).last());
  await keys.fill(card.getByRole('textbox', { name: 'Rejected. Why?' }), 'No.');
  await keys.press('Control+Enter');
  await page.getByRole('log').getByText('Take an umbrella.').waitFor();
  expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('log');
});

test('a model that is down after the answer: the run says so, where it was answered', async () => {
  await waitForTwo('down-1', { error: { status: 400, message: 'the provider is down' } });
  const page = await ui.open('/logs/down-1');
  await writeBoth(page);
  await cardOf(page).getByRole('button', { name: 'Send and continue' }).click();
  await page.getByRole('log').getByText('the provider is down').waitFor();
});

test('who may only read sees what waits, and no way to answer it', async () => {
  await waitForTwo('reader-1');
  const page = await ui.open('/logs/reader-1', {
    as: await newMember(server, 'viewer', 'Vera Kim'),
  });
  await cardOf(page).getByText('You may read this, and not answer it.').waitFor();
  await expect
    .poll(() => cardOf(page).getByRole('button', { name: 'Send and continue' }).isEnabled())
    .toBe(false);
  const card = cardOf(page);
  expect(await card.getByRole('combobox', { name: 'sky' }).isEnabled()).toBe(false);
  expect(await card.getByRole('textbox', { name: 'Your result' }).isEnabled()).toBe(false);
  expect(await card.getByRole('button', { name: 'Reject…' }).first().isEnabled()).toBe(false);
  await takePicture(page, 'answer-reader');
});

test('Home shows what waits; it is answered there, and goes on in sight', async () => {
  await waitForTwo('home-1');
  const page = await ui.open('/');
  await page.getByRole('button', { name: /home-1.*Waiting for you/ }).click();
  await writeBoth(page);
  await cardOf(page).getByRole('button', { name: 'Send and continue' }).click();
  await page.getByText('Take an umbrella.').waitFor();
  await page.getByText('Answered', { exact: true }).waitFor();
});
