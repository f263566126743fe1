import { expect, test } from 'vitest';
import { documentOf } from '../../answer-check.ts';
import { testApp } from '../../app.ts';
import { makeEverything } from '../../everything.ts';
import { send } from '../../refusals.ts';
import { payloadOf, urlOf, validRequests } from '../../valid-requests.ts';

const api = await testApp();
const document = documentOf((await send(api, 'GET', '/openapi.json')).body);
test('every example', async () => {
  const out: string[] = [];
  let n = 0;
  for (const { operation } of document.routes) {
    const ours = await makeEverything(async (url, body) => {
      const a = await api.post(url, body);
      if (a.statusCode >= 300) throw new Error(url + JSON.stringify(a.body));
      return a.body;
    }, `r${n++}`);
    for (const r of validRequests(document, ours).filter((r) => r.route.operation === operation)) {
      const { payload, headers } = payloadOf(r);
      const a = await send(api, r.route.method as 'POST', urlOf(r), payload, headers);
      if (a.statusCode >= 300) out.push(`${r.name} ${urlOf(r)} ${a.statusCode} ${JSON.stringify(a.body)} ${payload}`);
    }
  }
  expect(out).toEqual([]);
}, 100000);
