import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { rowsOf } from '../../support/organizations.ts';
import { expectRefusal, send } from '../../support/refusals.ts';
import type { Schema } from '../../support/schema-places.ts';
import {
  publishedDocument,
  sendRequest,
  urlOf,
  type ValidRequest,
  validRequests,
} from '../../support/valid-requests.ts';

const api = await testApp();

const agent = (await api.post('/agents', { path: 'body/agent', provider: 'mock', model: 'm' }))
  .body;
const log = (await api.post('/agents/log', { path: 'body/agent' })).body;

const everything = await makeEverything(api, 'Body');
const requests = validRequests(await publishedDocument(api), everything).filter(
  ({ route }) => route.operation.requestBody?.content?.['application/json'],
);
const ourId = api.workspace.organizationId;

const traces = '/v5/import/otel/v1/traces';

describe.each(requests)('$name', (request) => {
  const { route, body: valid } = request;
  const [method, url] = [route.method as 'POST' | 'PATCH', urlOf(request)];
  const isList = Array.isArray(valid);

  let before: readonly string[];
  beforeAll(async () => {
    before = await rowsOf(api, ourId);
  });
  afterAll(async () => {
    expect(await rowsOf(api, ourId)).toEqual(before);
  });

  /** Sends a body that is to be refused. */
  async function refused(body: string | Buffer, status: number, ...locs: (string | number)[][]) {
    expectRefusal(await send(api, method, url, body), status, ...locs);
  }

  /** The valid body, with a member more in it or in its first item, written as JSON text. */
  const withMember = (member: string) => {
    const text = JSON.stringify(isList ? valid[0] : valid);
    const object = `{${member},${text.slice(1)}`;
    return isList ? `[${object}]` : object;
  };

  /** The place of something in that object. */
  const at = (...steps: (string | number)[]) => ['body', ...(isList ? [0] : []), ...steps];

  test('what is not JSON is refused, with the place where it ends to be', async () => {
    await refused('{"path": "x", }', 422, ['body', 14]);
    await refused('{"path": "x"', 422, ['body', 12]);
    await refused('nonsense', 422, ['body']);
    await refused("{'path': 'x'}", 422, ['body', 1]);
    for (const text of ['{', '"', '[1,]', '{"a":1}{', '{"a":01}', '{"a":NaN}', 'undefined']) {
      await refused(text, 422);
    }
  });

  test('a body that is no object, or no list, is refused', async () => {
    for (const text of [...(isList ? ['{}'] : ['[]', '[{}]']), '5', '"x"', 'null', 'true']) {
      await refused(text, 422, ['body']);
    }
  });

  test('what is not UTF-8 is refused', async () => {
    const bytes = Buffer.from(withMember('"x": "?"'));
    bytes[bytes.indexOf('?')] = 0xff;
    await refused(bytes, 422, ['body']);
    await refused(Buffer.from(withMember('"x": "é"'), 'latin1'), 422, ['body']);
    await refused(Buffer.from(JSON.stringify(valid), 'utf16le'), 422);
  });

  // Of traces, each span is looked at by itself: what is wrong beside them keeps none of them out.
  if (route.path !== traces) {
    test('NUL and halves of characters are refused, in values and in names', async () => {
      await refused(withMember('"x": ["a", "b\\u0000"]'), 422, at('x', 1));
      await refused(withMember('"x": {"y\\u0000": 1}'), 422, at('x'));
      await refused(withMember('"x": "\\ud83d"'), 422, at('x'));
      await refused(withMember('"x": {"y": "\\ude00\\ud83d"}'), 422, at('x', 'y'));
      await refused(withMember('"x\\udfff": 1'), 422, at());
      await refused(withMember('"x": "a\0b"'), 422);
    });

    test('a number that is too large is refused, wherever it is', async () => {
      await refused(withMember('"x": [1, {"y": 1e999}]'), 422, at('x', 1, 'y'));
      await refused(withMember('"x": -1.5E+400'), 422, at('x'));
      await refused(withMember(`"x": 1${'0'.repeat(250)}e99`), 422, at('x'));
    });

    test('a name that reaches for the prototype is refused, or is a name like any other', async () => {
      await refused(withMember('"__proto__": {"path": "x"}'), 422, at());
      await refused(withMember('"x": [{"\\u005f\\u005fproto__": 1}]'), 422, at('x', 0));
      await refused(withMember('"x": {"__pr\\u006fto__": 1}'), 422, at('x'));
    });
  }

  test('nesting deeper than 100 is refused, however it is made', async () => {
    await refused(withMember(`"x": ${'['.repeat(100)}${']'.repeat(100)}`), 422);
    await refused(withMember(`"x": ${'{"a":'.repeat(100)}1${'}'.repeat(100)}`), 422);
    await refused('['.repeat(1_000_000), 422);
  });
});

// Clients that send traces do not say what they send, or call it text.
const strict = requests.filter(({ route }) => route.path !== traces);

test.each(strict)('$name takes no other content type, and says which is right', async (request) => {
  const { route, body } = request;
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'json'];
  for (const type of [...types, 'multipart/form-data; boundary=x', 'application/jsonp', '']) {
    const headers = { 'content-type': type };
    const url = urlOf(request);
    const answer = await send(api, route.method as 'POST', url, JSON.stringify(body), headers);
    expectRefusal(answer, 415);
    expect(answer.body.detail).toContain('Content-Type: application/json');
  }
});

test('a body of more than 20 MB is refused', async () => {
  const body = JSON.stringify({ id: agent.id, output: 'x'.repeat(20 * 1024 * 1024) });
  const answer = await send(api, 'POST', '/v5/agents/log', body);
  expectRefusal(answer, 413);
  expect(answer.body).toMatchObject({ code: 'body_too_large' });
  expect(answer.body.detail).toContain('20 MB');
});

test('a body of very many faults is refused by the first', async () => {
  const bodyOf = (faults: number) => `{"messages":[${'{},'.repeat(faults)}{}]}`;
  const millions = await send(api, 'POST', '/v5/agents/call', bodyOf(1_000_000));
  expectRefusal(millions, 422);
  expect(millions.body.detail[0].msg).toContain('(REQUEST_BODY_VALUES)');
  expectRefusal(await send(api, 'POST', '/v5/agents/call', bodyOf(90_000)), 422, [
    'body',
    'messages',
    0,
    'role',
  ]);
});

test('of many faults a hundred are named', async () => {
  const body = JSON.stringify({ messages: Array.from({ length: 500 }, () => ({ role: 5 })) });
  const answer = await send(api, 'POST', '/v5/agents/call', body);
  expectRefusal(answer, 422);
  expect(answer.body.detail).toHaveLength(100);
});

test('faults of different places are told apart, each with its own reason', async () => {
  const { body } = await api.post('/agents/call', {
    messages: [
      { role: 'user', content: [{ type: 'text' }, { type: 'sound' }, { type: 7 }] },
      { role: 'user', content: 5 },
      { role: 'nobody' },
    ],
    tool_choice: 'perhaps',
    agent: { model: 'm', reasoning_effort: 'much', tools: [{ type: 'inline' }, {}] },
  });
  expect(
    body.detail.map(({ loc, msg }: { loc: string[]; msg: string }) => [loc.join('.'), msg]),
  ).toMatchInlineSnapshot(`
    [
      [
        "body.messages.0.content.0.text",
        "Field required",
      ],
      [
        "body.messages.0.content.1.type",
        "Must be one of: \`text\`, \`image_url\`",
      ],
      [
        "body.messages.0.content.2.type",
        "Must be a string",
      ],
      [
        "body.messages.1.content",
        "Must be a string, or an array",
      ],
      [
        "body.messages.2.role",
        "Must be one of: \`user\`, \`assistant\`, \`system\`, \`tool\`, \`developer\`",
      ],
      [
        "body.tool_choice",
        "Must be one of: \`none\`, \`auto\`, \`required\`",
      ],
      [
        "body.agent.reasoning_effort",
        "Must be one of: \`high\`, \`medium\`, \`low\`",
      ],
      [
        "body.agent.tools.0.json_schema",
        "Field required",
      ],
      [
        "body.agent.tools.1.type",
        "Field required",
      ],
    ]
  `);
});

test('of what may be one of two kinds, the faults of the kind that it is like are told', async () => {
  const { body } = await api.post('/agents/none/evaluators', {
    activate: [{ evaluator_version_id: 5 }, { environment_id: 'x' }, {}, 'x'],
  });
  expect(
    body.detail.map(({ loc, msg }: { loc: string[]; msg: string }) => [loc.join('.'), msg]),
  ).toMatchInlineSnapshot(`
    [
      [
        "body.activate.0.evaluator_version_id",
        "Must be a string",
      ],
      [
        "body.activate.1.evaluator_id",
        "Field required",
      ],
      [
        "body.activate.2.evaluator_version_id",
        "Field required",
      ],
      [
        "body.activate.2.evaluator_id",
        "Field required",
      ],
      [
        "body.activate.2.environment_id",
        "Field required",
      ],
      [
        "body.activate.3",
        "Must be an object",
      ],
    ]
  `);
});

const schemaOf = ({ route }: ValidRequest) =>
  (route.operation.requestBody?.content?.['application/json']?.schema ?? {}) as Schema;
const fields = new Set(
  requests.flatMap((request) => Object.keys(schemaOf(request).properties ?? {})),
);
// Those that move what the others are about come last.
const ofFields = requests
  .filter((request) => schemaOf(request).properties)
  .toSorted((a, b) => b.route.method.localeCompare(a.route.method));

test.each(ofFields)(
  '$name takes no notice of the fields that only others have',
  async (request) => {
    const own = new Set(Object.keys(schemaOf(request).properties ?? {}));
    const strange = [...fields].filter((field) => !own.has(field));
    const body = {
      ...Object.fromEntries(strange.map((field) => [field, { not: ['looked', 'at'] }])),
      ...Object(request.body),
    };
    const answer = await sendRequest(api, { ...request, body });
    // What another of these requests has done already is a conflict, and no fault of a field.
    expect([200, 201, 409], JSON.stringify(answer.body)).toContain(answer.statusCode);
    expect(JSON.stringify(answer.body)).not.toContain('looked');
    const { body: log } = await api.get(`/logs/${answer.body.id}`);
    expect(JSON.stringify(log)).not.toContain('looked');
  },
);

test('an empty body is one without fields, as clients send it when none is set', async () => {
  expectRefusal(await send(api, 'POST', '/v5/agents', ''), 422, ['body', 'model']);
  expectRefusal(await send(api, 'POST', '/v5/agents/call'), 422, ['body']);
  const patched = await send(api, 'PATCH', `/v5/agents/${agent.id}/log/${log.id}`);
  expect(patched.statusCode).toBe(200);
});

test('fields that nobody knows are passed over', async () => {
  const plain = (await api.post('/agents', { path: 'body/open', model: 'm' })).body;
  const strange = await api.post('/agents', {
    path: 'body/open',
    model: 'm',
    commit_message: 'from an older client',
    constructor: { prototype: 1 },
    toString: null,
    hasOwnProperty: 'x',
    '': 1,
  });
  expect(strange.statusCode).toBe(200);
  expect(strange.body.version_id).toBe(plain.version_id);
});

test('names of an object’s own members are kept wherever names are free', async () => {
  const free = {
    constructor: 1,
    toString: { valueOf: 'x' },
    hasOwnProperty: [],
    length: -1,
    '': 0,
  };
  const { body: made } = await api.post('/agents', {
    path: 'body/free',
    model: 'm',
    attributes: free,
    other: free,
  });
  expect(made).toMatchObject({ attributes: free, other: free });
  const { body: logged } = await api.post('/agents/log', {
    id: made.id,
    inputs: free,
    metadata: free,
  });
  expect((await api.get(`/logs/${logged.id}`)).body).toMatchObject({
    inputs: free,
    metadata: free,
  });
});
