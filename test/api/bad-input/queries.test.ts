import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { makeEverything } from '../../support/one-of-everything.ts';
import { rowsOf } from '../../support/organizations.ts';
import { expectRefusal, flawsOf, placesOf } from '../../support/refusals.ts';
import { type Schema, typesOf } from '../../support/schema-places.ts';
import {
  publishedDocument,
  sendRequest,
  urlOf,
  validRequests,
} from '../../support/valid-requests.ts';

const api = await testApp();
const everything = await makeEverything(api, 'Queries');

/** Every parameter of a query, on every route that has it. */
const parameters = validRequests(await publishedDocument(api), everything).flatMap((request) =>
  (request.route.operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required, schema }) => ({
      at: `${name} of ${request.name}`,
      name,
      required,
      schema: schema as Schema,
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

describe.each(parameters)('$at', ({ name, required, schema, request }) => {
  const { [name]: own, ...others } = request.query;
  const [address] = urlOf({ ...request, query: others }).split('?') as [string];

  /** Sends a query, written as it is; tells how the answer is not a refusal at this parameter. */
  async function notRefused(search: string, loc: readonly (string | number)[]) {
    const all = [...Object.entries(others).map((pair) => pair.join('=')), search].join('&');
    const answer = await sendRequest(api, request, { url: `${address}?${all}` });
    const flaws = [...flawsOf(answer)];
    if (answer.statusCode !== 422) flaws.push(`status ${answer.statusCode}`);
    const told = placesOf(answer).filter(([part]) => part === 'query');
    if (JSON.stringify(told) !== JSON.stringify([loc])) flaws.push(`told ${JSON.stringify(told)}`);
    return flaws.length === 0 ? [] : [`${search.slice(0, 60)}: ${flaws}`];
  }

  test('is refused at its place when it does not fit', async () => {
    const isList = schema.type === 'array';
    const item = isList ? (schema.items as Schema) : schema;
    const loc = ['query', name, ...(isList ? [0] : [])];
    const wrong: string[] = [];
    for (const text of textsNotFitting(item)) {
      wrong.push(...(await notRefused(`${name}=${encodeURIComponent(text)}`, loc)));
    }
    expect(wrong).toEqual([]);
  });

  test('comes once, or in a list as often as there may be', async () => {
    const most = schema.type === 'array' ? schema.maxItems : 1;
    if (most === undefined) return;
    const value = typesOf(schema.items ?? schema)?.has('boolean') ? 'true' : '1';
    const search = Array.from({ length: most + 1 }, () => `${name}=${value}`).join('&');
    expect(await notRefused(search, ['query', name])).toEqual([]);
  });

  test('is missed if it must be there', async () => {
    if (required) expect(await notRefused('', ['query', name])).toEqual([]);
  });
});

/** Texts that a parameter cannot be. */
function textsNotFitting(schema: Schema): readonly string[] {
  const { type, enum: words, minimum, maximum, minLength, maxLength, format } = schema;
  const texts: string[] = [];
  if (type === 'integer')
    texts.push('', ' ', 'one', '1.5', '1e999', '-Infinity', 'NaN', '0x10', '1e1', '+1', '١');
  if (type === 'boolean') texts.push('', 'perhaps', '2', 'True', 'null');
  if (words)
    texts.push('', 'no such word', String(words[0]).toUpperCase(), `${words[0]},${words[0]}`);
  if (minimum !== undefined) texts.push(String(minimum - 1), '-9007199254740993');
  if (maximum !== undefined) texts.push(String(maximum + 1), '9007199254740993');
  if (minLength) texts.push('');
  if (maxLength) texts.push('x'.repeat(maxLength + 1));
  if (format)
    texts.push(
      '',
      'yesterday',
      '2026',
      '2026-02-30',
      '2026-02-30T12:00:00Z',
      '1777636800',
      '0000-01-01T00:00:00Z',
    );
  return texts;
}

test.each([
  '2026-02-30T00:00:00.000000Z',
  '2026-04-31T00:00:00.000000Z',
  '2026-01-01T24:00:00.000000Z',
  '0000-01-01T00:00:00.000000Z',
])('a cursor of a moment that no calendar has is refused: %s', async (moment) => {
  const cursor = Buffer.from(JSON.stringify([moment, 'log_1'])).toString('base64url');
  const answer = await api.get(`/logs?file_id=${everything.files.agent.id}&cursor=${cursor}`);
  expectRefusal(answer, 422, ['query', 'cursor']);
});
