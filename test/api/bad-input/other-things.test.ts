import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { rowsOf } from '../../support/organizations.ts';
import { flawsOf } from '../../support/refusals.ts';
import { publishedDocument, sendRequest, validRequests } from '../../support/valid-requests.ts';

const api = await testApp();
const everything = await makeEverything(api, 'Others');
const requests = validRequests(await publishedDocument(api), everything);
const { files, directoryId, environmentId, watcherVersionId, suspended } = everything;

/** Ids of all that there is, by what they are of. */
const ids: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(Object.entries(files).map(([type, { id }]) => [type, id])),
  'a version of an agent': files.agent.versionId,
  'a version of another file': watcherVersionId,
  'a log of a prompt': files.prompt.logId,
  'a log of another agent': suspended.logId,
  'a directory': directoryId,
  'an environment': environmentId,
  'an organization': api.workspace.organizationId,
};

/** What an address has no use for: none of it is an id of anything. */
const strange = [
  'none',
  ' ',
  '...',
  'a/b',
  '%',
  '_',
  '\\',
  "' OR true --",
  '\n',
  '😀',
  'ﬀ',
  'null',
  '-1',
  '__proto__',
  'x'.repeat(512),
];

const about = requests.flatMap((request) =>
  Object.keys(request.params).map((name) => ({
    at: `{${name}} of ${request.name}`,
    name,
    request,
  })),
);

let before: readonly string[];
beforeAll(async () => {
  before = await rowsOf(api, api.workspace.organizationId);
});
afterAll(async () => {
  expect(await rowsOf(api, api.workspace.organizationId)).toEqual(before);
});

describe.each(about)('$at', ({ name, request }) => {
  async function notMissed(values: readonly string[]): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const value of values) {
      const params = { ...request.params, [name]: value };
      const answer = await sendRequest(api, { ...request, params });
      const flaws = [...flawsOf(answer)];
      if (answer.statusCode !== 404) flaws.push(`status ${answer.statusCode}`);
      if (answer.body.code === 'route_not_found') flaws.push('no route');
      if (flaws.length > 0) wrong.push(`${value}: ${flaws} ${JSON.stringify(answer.body)}`);
    }
    return wrong;
  }

  test('finds nothing by the id of something else', async () => {
    const isLog = /^\/v5\/logs\/\{(id|log_id)\}/.test(request.route.path);
    const isEnvironment = request.route.operation.tags[0] === 'environments';
    const others = Object.entries(ids).filter(
      ([of, id]) =>
        id !== request.params[name] &&
        !(isLog && of.startsWith('a log')) &&
        !(isEnvironment && of === 'an environment'),
    );
    expect(await notMissed(others.map(([, id]) => String(id)))).toEqual([]);
  });

  test('finds nothing by what is no id', async () => {
    expect(await notMissed(strange)).toEqual([]);
  });
});
