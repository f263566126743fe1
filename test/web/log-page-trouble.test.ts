import { expect, test } from 'vitest';
import { play } from './bank.ts';
import { startUi, takePicture } from './ui.ts';

const ui = await startUi();
const { server } = ui;

test('a stream that is cut in half is joined again, and no word is lost or said twice', async () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`);
  const response = await server.fetch('/v5/agents/call', {
    method: 'POST',
    body: JSON.stringify({
      path: 'Plays/Cut',
      agent: {
        provider: 'mock',
        model: 'mock',
        other: { script: [{ content: words.join(' '), word_delay_ms: 60 }] },
      },
      messages: [{ role: 'user', content: 'Count.' }],
      log_id: 'cut-1',
      stream: true,
    }),
  });
  const asked: string[] = [];
  const page = await ui.open('/logs/cut-1', {
    // A connection that breaks is told by the browser, too.
    expectedError: /ERR_|Failed to load/,
    before: (context) =>
      context.route('**/events?after=*', async (route) => {
        asked.push(new URL(route.request().url()).search);
        if (asked.length > 1) return route.continue();
        // Half of a stream: what was said so far, and then nothing more, in the middle of a line.
        const events = await server.fetch('/v5/logs/cut-1/events?after=0');
        const reader = events.body?.getReader();
        const first = await reader?.read();
        await reader?.cancel();
        const text = new TextDecoder().decode(first?.value);
        return route.fulfill({
          status: 200,
          contentType: 'text/event-stream',
          body: `${text}id: 99\ndata: {"type":"agent_up`,
        });
      }),
  });
  await page.getByText('word59').waitFor();
  expect(asked.length).toBeGreaterThan(1);
  const said = (await page.getByRole('log').textContent()) ?? '';
  expect(said.match(/word\d+/g)).toEqual(words);
  await response.body?.cancel();
});

test('spans that the server refuses say so in their place, and are read again when asked', async () => {
  await play(server, 'spans-1', [{ content: 'Hello.' }]);
  let isBroken = true;
  const page = await ui.open('/logs/spans-1', {
    expectedError: /status of 500/,
    before: (context) =>
      context.route('**/spans?**', (route) =>
        isBroken
          ? route.fulfill({
              status: 500,
              json: { detail: 'The disk is full.', code: 'internal', request_id: 'req_full' },
            })
          : route.continue(),
      ),
  });
  const alert = page.getByRole('alert');
  await alert.getByText('The disk is full.').waitFor();
  await alert.getByText('req_full').waitFor();
  await page.getByRole('log').getByText('Hello.').waitFor();
  isBroken = false;
  await alert.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('treegrid', { name: 'Trace' }).getByText('Turn 1').waitFor();
  await expect.poll(() => alert.count()).toBe(0);
});

test('payloads that cannot be read say so, and are read again when asked', async () => {
  let isBroken = true;
  const page = await ui.open('/logs/spans-1', {
    expectedError: /status of 503/,
    before: (context) =>
      context.route('**/spans/*', (route) =>
        isBroken ? route.fulfill({ status: 503, body: '<html>' }) : route.continue(),
      ),
  });
  await page.getByRole('treegrid', { name: 'Trace' }).getByText('Turn 1').click();
  const details = page.getByRole('region', { name: 'Details of Turn 1' });
  await details.getByText('The server answered 503.').waitFor();
  isBroken = false;
  await details.getByRole('button', { name: 'Retry' }).click();
  await details.getByText('Hello.').waitFor();
});

test('a connection that is lost in the middle is said, and found again', async () => {
  const answered = server.post('/v5/agents/call', {
    path: 'Plays/Away',
    agent: { provider: 'mock', model: 'mock', other: { script: [{ delay_ms: 600_000 }] } },
    messages: [{ role: 'user', content: 'Think.' }],
    log_id: 'away-1',
  });
  await expect.poll(async () => (await server.get('/v5/logs/away-1')).status).toBe(200);
  const page = await ui.open('/logs/away-1', { expectedError: /ERR_INTERNET_DISCONNECTED/ });
  await page.getByRole('banner').getByText('Running').waitFor();
  await page.context().setOffline(true);
  await page.getByText('Connection lost. Trying again…').waitFor();
  await page.context().setOffline(false);
  await expect.poll(() => page.getByText('Connection lost. Trying again…').count()).toBe(0);
  await server.post('/v5/logs/away-1/cancel', {});
  await page.getByRole('banner').getByText('Error').waitFor();
  await answered;
});

test('numbers are shown to the last digit: in the list, on the page, in the inspector and as they came', async () => {
  const given = '"inputs":{"account":12345678901234567890,"rate":0.10000000000000000001}';
  const more = '"metadata":{"invoice":98765432109876543210},"output":"{\\"huge\\":1e400}"';
  const stored = await server.fetch('/v5/tools/log', {
    method: 'POST',
    body: `{"path":"Plays/exact","tool":{"function":{"name":"exact","description":"Exact."}},${given},${more},"log_id":"exact-1"}`,
  });
  expect(stored.status).toBe(200);
  const list = await ui.open('/logs?type=tool');
  await list.getByRole('grid', { name: 'Logs' }).getByText('12345678901234567890').waitFor();
  const page = await ui.open('/logs/exact-1?span=exact-1');
  const inspector = page.getByRole('region', { name: /^Details of/ });
  for (const digits of ['12345678901234567890', '0.10000000000000000001', '1e400']) {
    await inspector.getByText(digits).waitFor();
  }
  await inspector.getByRole('tab', { name: 'Metadata' }).click();
  await inspector.getByText('98765432109876543210').waitFor();
  await page.goto(new URL('/logs/exact-1?view=raw', page.url()).href);
  await page.getByText('12345678901234567890').waitFor();
  await page.getByText('0.10000000000000000001').waitFor();
});

test('arguments are shown as the model gave them, to the last digit', async () => {
  const calls = [{ name: 'pay', arguments: '{"amount": 1250.00, "to": 12345678901234567890}' }];
  await play(server, 'digits-1', [{ tool_calls: calls }], {
    tools: [
      {
        type: 'inline',
        json_schema: { name: 'pay', description: 'Pays.', parameters: { type: 'object' } },
      },
    ],
  });
  const page = await ui.open('/logs/digits-1');
  const card = page.getByRole('region', { name: 'Waiting for a result' });
  await card.getByText('12345678901234567890').waitFor();
  await card.getByText('1250.00').waitFor();
});

test('very long names, and scripts from right to left, stay in their places', async () => {
  const name = `وكيل ${'بنك'.repeat(40)} ${'x'.repeat(60)}`;
  await server.post('/v5/agents/call', {
    path: `Plays/${name}`,
    agent: {
      provider: 'mock',
      model: 'mock',
      other: { script: [{ content: 'مرحبا. كيف يمكنني المساعدة اليوم؟' }] },
    },
    messages: [{ role: 'user', content: 'أريد أن أدفع الإيجار' }],
    log_id: `${'long'.repeat(50)}`,
  });
  for (const path of [`/logs/${'long'.repeat(50)}`, '/logs', '/']) {
    for (const width of [1440, 390]) {
      const page = await ui.open(path, { viewport: { width, height: 844 } });
      await page
        .getByText(/أريد أن أدفع/)
        .first()
        .waitFor();
      await takePicture(page, `long-${path.slice(0, 9).replaceAll('/', '_')}-${width}`);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
  }
});
