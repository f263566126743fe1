import { expect, test } from 'vitest';
import type { ApiRequest } from '../../web/src/copy-as/api-request.ts';
import { asCurl } from '../../web/src/copy-as/curl.ts';
import { runInShell } from './run-in-shell.ts';
import { startUi } from './ui.ts';

const ui = await startUi();
const { server } = ui;

test('a shell reads from a cURL exactly the body, whatever characters are in it', () => {
  const content = `It's $done \`now\` "so" \\ 'x' & é 🏦\n\t$(rm -rf /)`;
  const request: ApiRequest = { method: 'POST', path: "/v5/it's", body: { content } };
  const script = `curl() { printf '%s\\0' "$@"; }\n${asCurl(request, 'https://bank.test')}`;
  const words = runInShell(script, 'secret').split('\0');
  expect(words[0]).toBe("https://bank.test/v5/it's");
  expect(words[2]).toBe('X-API-KEY: secret');
  expect(JSON.parse(words[6] ?? '')).toEqual(request.body);
});

test('the cURL of a call makes a log, as it stands', async () => {
  const body = {
    path: "Copied/it's",
    agent: { provider: 'mock', model: 'mock' },
    messages: [{ role: 'user', content: `Say "it's $HOME"` }],
    log_id: 'copied-1',
  };
  runInShell(asCurl({ method: 'POST', path: '/v5/agents/call', body }, server.url), server.key);
  const { body: log } = await server.get('/v5/logs/copied-1');
  expect(log.messages[0].content).toBe(body.messages[0]?.content);
});

test('the cURL of a filtered list lists what the page shows', async () => {
  const page = await ui.open('/logs?search=it%27s&status=complete');
  await page.getByRole('grid', { name: 'Logs' }).getByRole('row').first().waitFor();
  await page.getByRole('button', { name: 'Copy as' }).click();
  await page.getByRole('menuitem', { name: 'cURL' }).click();
  await page.getByText('Copied as cURL').waitFor();
  const copied = await page.evaluate('navigator.clipboard.readText()');
  const listed = JSON.parse(runInShell(String(copied), server.key));
  expect(listed.records.map(({ id }: { id: string }) => id)).toEqual(['copied-1']);
});

test('an empty list teaches the first call, with a file that there is', async () => {
  const { body: file } = await server.post('/v5/prompts', {
    path: 'Taught/Mail',
    provider: 'mock',
    model: 'small',
  });
  const page = await ui.open(`/f/${file.id}/logs`);
  await page.getByRole('heading', { name: 'No logs yet' }).waitFor();
  await page.getByRole('button', { name: 'Copy the request as cURL' }).click();
  const copied = await page.evaluate('navigator.clipboard.readText()');
  runInShell(String(copied), server.key);
  // It appears by itself.
  await page.getByRole('grid', { name: 'Logs' }).getByRole('row').first().waitFor();
});
