import { expect, test } from 'vitest';
import { parseExact } from '../json/exact-json.ts';
import type { ApiRequest } from './api-request.ts';
import { copiesOf } from './copies.ts';
import { readLogRequest } from './requests.ts';

const origin = 'https://bank.test';
const request: ApiRequest = {
  method: 'POST',
  path: '/v5/agents/continue',
  body: {
    log_id: 'log_1',
    messages: [
      { role: 'tool', tool_call_id: 'call_1', content: "It's $done `now` \"so\" \\ 'x'\n" },
    ],
    save: true,
    environment: null,
  },
  python: { method: 'agents.continue_call' },
};

function textsOf(one: ApiRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(copiesOf(one, origin).map(({ name, text }) => [name, text]));
}

test('no copy has a key in it', () => {
  expect(Object.values(textsOf(request)).every((text) => text.includes('API_KEY'))).toBe(true);
});

test('TypeScript is a fetch with the same body', async () => {
  const sent: unknown[] = [];
  const run = new Function(
    'fetch',
    'process',
    `return (async () => {${textsOf(request)['TypeScript']}})()`,
  );
  await run(
    async (...args: unknown[]) => {
      sent.push(...args);
      return { json: () => undefined };
    },
    { env: { API_KEY: 'secret' } },
  );
  expect(sent).toMatchObject([
    'https://bank.test/v5/agents/continue',
    { method: 'POST', headers: { 'X-API-KEY': 'secret' } },
  ]);
  expect(JSON.parse((sent[1] as { body: string }).body)).toEqual(request.body);
});

test('numbers have all their digits in every copy', () => {
  const body = parseExact('{"to":12345678901234567890,"share":1.0}') as Record<string, unknown>;
  const texts = textsOf({ method: 'POST', path: '/v5/tools/call', body });
  expect(texts['cURL']).toContain('{"to": 12345678901234567890, "share": 1.0}');
  expect(texts['Python']).toContain('{"to": 12345678901234567890, "share": 1.0}');
  expect(texts['TypeScript']).toContain(
    String.raw`body: "{\"to\":12345678901234567890,\"share\":1.0}",`,
  );
});

test('Python has its own words, and the client where that has a method', () => {
  expect(textsOf(request)['Python']).toBe(
    [
      'import os',
      'from humanloop import Humanloop',
      '',
      'humanloop = Humanloop(',
      '    api_key=os.environ["API_KEY"],',
      '    base_url="https://bank.test/v5",',
      ')',
      'answer = humanloop.agents.continue_call(',
      '    log_id="log_1",',
      '    messages=[',
      '        {',
      '            "role": "tool",',
      '            "tool_call_id": "call_1",',
      String.raw`            "content": "It's $done ${'`now`'} \"so\" \\ 'x'\n"`,
      '        }',
      '    ],',
      '    save=True,',
      '    environment=None,',
      ')',
    ].join('\n'),
  );
  expect(textsOf(readLogRequest('a/b'))['Python']).toContain('humanloop.logs.get(\n    "a/b",\n)');
});

test('a request without a method of the client is sent with httpx, with its query', () => {
  const query = new URLSearchParams({ status: 'error' });
  const texts = textsOf({ method: 'DELETE', path: '/v5/logs', query });
  expect(texts['Python']).toContain('"DELETE",\n    "https://bank.test/v5/logs?status=error",');
  expect(texts['cURL']).toContain("curl -X DELETE 'https://bank.test/v5/logs?status=error'");
});
