import { beforeAll, expect, test } from 'vitest';
import { inline, makeBank, payRent, play } from './bank.ts';
import { keyboardOf } from './keyboard.ts';
import { startUi, testLooks } from './ui.ts';

const ui = await startUi();
const { server } = ui;

beforeAll(async () => {
  await makeBank(server);
  await payRent(server, 'rent-1');
});

testLooks(
  'log',
  ui,
  () => '/logs/rent-1',
  (page) => page.getByText('Transfer funds').first().waitFor(),
);
testLooks(
  'trace',
  ui,
  () => '/logs/rent-1?view=trace&span=rent-1*1',
  (page) => page.getByRole('tab', { name: 'Messages' }).waitFor(),
);

test('the trace is walked by keyboard, and the address follows', async () => {
  const page = await ui.open('/logs/rent-1');
  const grid = page.getByRole('treegrid', { name: 'Trace' });
  await expect.poll(() => grid.getByRole('row').count()).toBe(11);
  await keyboardOf(page).to(grid);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('j');
  const selected = grid.locator('[aria-selected=true]');
  await expect.poll(() => selected.getAttribute('aria-rowindex')).toBe('2');
  await expect.poll(() => new URL(page.url()).searchParams.get('span')).toBe('rent-1*1');
  await expect.poll(() => grid.getAttribute('aria-activedescendant')).toBe('span-rent-1*1');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => grid.getByRole('row').count()).toBeLessThan(11);
  await page.keyboard.press('k');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => grid.getByRole('row').count()).toBe(1);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => grid.getByRole('row').count()).toBeGreaterThan(1);
});

test('a link to a span opens it, with its payloads', async () => {
  const page = await ui.open('/logs/rent-1?span=rent-1*3*call_3_1');
  const details = page.getByRole('region', { name: 'Details of transfer_funds' });
  await details.getByText('"November rent"').waitFor();
  await details.getByText('Waiting for you').waitFor();
});

test('a tool in the conversation selects its span, and a span its tool', async () => {
  const page = await ui.open('/logs/rent-1');
  await page.getByRole('treegrid').getByText('get_balance').waitFor();
  await page
    .getByRole('log')
    .getByRole('button', { name: /^Get balance/ })
    .click();
  await page.getByRole('region', { name: 'Details of get_balance' }).waitFor();
  await page.getByRole('treegrid').locator('[aria-selected=true]').waitFor();
});

test('waiting time is folded, and does not count as active', async () => {
  const page = await ui.open('/logs/rent-1');
  await page
    .getByRole('treegrid')
    .getByText(/^waiting /)
    .waitFor();
  const active = await page.getByText('Active time').locator('xpath=..').textContent();
  expect(active).toMatch(/^Active time\d\.\d+s$/);
});

test('two waiting calls are shown together, each with its arguments', async () => {
  const calls = ['Berlin', 'Rome'].map((city) => ({ name: 'get_weather', arguments: { city } }));
  await play(server, 'two-wait', [{ tool_calls: calls }], {
    tools: [inline('get_weather', { city: { type: 'string' } })],
  });
  const page = await ui.open('/logs/two-wait');
  const card = page.getByRole('region', { name: 'Waiting for a result' });
  await card.getByText('Rome').waitFor();
  await expect.poll(() => card.getByRole('heading', { name: 'Get weather' }).count()).toBe(2);
});

test('a run is watched while it goes on, and again after a reload, to its end', async () => {
  const answered = server.post('/v5/agents/call', {
    path: 'Plays/Slow',
    agent: { provider: 'mock', model: 'mock', other: { script: [{ delay_ms: 600_000 }] } },
    messages: [{ role: 'user', content: 'Think.' }],
    log_id: 'slow-1',
  });
  await expect.poll(async () => (await server.get('/v5/logs/slow-1')).status).toBe(200);
  const page = await ui.open('/logs/slow-1');
  await page.getByRole('banner').getByText('Running').waitFor();
  await page.reload();
  await page.getByRole('banner').getByText('Running').waitFor();
  await server.post('/v5/logs/slow-1/cancel', {});
  await page.getByRole('banner').getByText('Error').waitFor();
  await answered;
});

test('a run is stopped from its log: at once while it goes on, after a question while it waits', async () => {
  const answered = server.post('/v5/agents/call', {
    path: 'Plays/Stopped',
    agent: { provider: 'mock', model: 'mock', other: { script: [{ delay_ms: 600_000 }] } },
    messages: [{ role: 'user', content: 'Think.' }],
    log_id: 'stopped-1',
  });
  await expect.poll(async () => (await server.get('/v5/logs/stopped-1')).status).toBe(200);
  const page = await ui.open('/logs/stopped-1');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('banner').getByText('Error').waitFor();
  await answered;
  await play(server, 'stopped-2', [{ tool_calls: [{ name: 'ask', arguments: {} }] }], {
    tools: [inline('ask', {})],
  });
  const waiting = await ui.open('/logs/stopped-2');
  await waiting.getByRole('button', { name: 'Stop…' }).waitFor();
  await waiting.keyboard.press('Control+.');
  await waiting.getByRole('button', { name: 'Stop the run' }).click();
  await waiting.getByRole('banner').getByText('Error').waitFor();
  expect((await server.get('/v5/logs/stopped-2')).body.error).toBe('cancelled');
});

test('words of a streamed run come as they are said', async () => {
  const words = Array.from({ length: 80 }, (_, index) => `said${index}`).join(' ');
  const response = await server.fetch('/v5/agents/call', {
    method: 'POST',
    body: JSON.stringify({
      path: 'Plays/Streamed',
      agent: {
        provider: 'mock',
        model: 'mock',
        other: { script: [{ content: words, word_delay_ms: 50 }] },
      },
      messages: [{ role: 'user', content: 'Count.' }],
      log_id: 'streamed-1',
      stream: true,
    }),
  });
  const page = await ui.open('/logs/streamed-1');
  await page.getByText('said3 ').waitFor();
  await expect.poll(() => page.getByText('said79').count()).toBe(0);
  await page.getByText('said79').waitFor();
  await response.body?.cancel();
});

test('what a model writes is shown, and not run: no script, no picture of another host', async () => {
  const content = [
    '<script>document.title = "owned"</script>',
    '<img src="https://evil.test/x.png" onerror="document.title=1">',
    '![a picture](https://evil.test/y.png)',
    '[a link](javascript:alert(1))',
    '`<b>code</b>`',
  ].join('\n\n');
  await play(server, 'hostile-1', [{ content }]);
  const page = await ui.open('/logs/hostile-1');
  const said = page.getByRole('log');
  await said.getByText('<script>document.title = "owned"</script>').waitFor();
  await said.getByText('<b>code</b>').waitFor();
  expect(await page.title()).toContain('hostile-1');
  await expect.poll(() => said.locator('img, script, [onerror]').count()).toBe(0);
  await expect
    .poll(() => said.getByRole('link', { name: 'a picture' }).getAttribute('href'))
    .toBe('https://evil.test/y.png');
  await expect.poll(() => said.locator('a[href^=javascript]').count()).toBe(0);
});

test('a value of 5 MB shows its head, its size, and all of it when asked', async () => {
  await server.post('/v5/tools/log', {
    path: 'Plays/big',
    tool: { function: { name: 'big', description: 'Says much.' } },
    inputs: { n: 1 },
    output: 'x'.repeat(5_000_000),
    log_id: 'big-1',
  });
  const page = await ui.open('/logs/big-1');
  await page.getByText('The first 64 KB of 5.0 MB.').waitFor();
  await page.getByRole('button', { name: 'Show all' }).first().click();
  await expect.poll(() => page.getByText('The first 64 KB of 5.0 MB.').count()).toBe(0);
});

test('an error in a run is red in the tree, and E leads to it', async () => {
  await play(server, 'fails-1', [
    { content: 'One moment.', tool_calls: [{ name: 'unknown_tool', arguments: {} }] },
    { error: { status: 400, message: 'the model is out of order' } },
  ]);
  const page = await ui.open('/logs/fails-1');
  await page.getByRole('button', { name: /error/ }).waitFor();
  await page.keyboard.press('e');
  await page
    .getByRole('region', { name: /^Details of/ })
    .getByText(/out of order/)
    .first()
    .waitFor();
});
