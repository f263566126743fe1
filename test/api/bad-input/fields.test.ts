import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentOf, isForSessions } from '../../support/answer-check.ts';
import { testApp } from '../../support/app.ts';
import { flawsOf, placesOf, rowCounts, send } from '../../support/refusals.ts';
import {
  exampleOf,
  type Place,
  placesIn,
  type Schema,
  typesOf,
} from '../../support/schema-places.ts';

const api = await testApp();

/** Every route that takes JSON, with ids that lead nowhere: no fault may be found only after a look. */
const routes = documentOf(api.app.swagger()).routes.flatMap(({ method, path, operation }) => {
  const schema = operation.requestBody?.content?.['application/json']?.schema as Schema | undefined;
  const url = path.replaceAll(/\{\w+\}/g, 'none');
  return schema && !isForSessions(operation)
    ? [{ method: method as 'POST' | 'PATCH', url, schema }]
    : [];
});

/** Places of which every text was tried, by what they are. */
const tried = new Set<string>();

/** Some texts for a place; one of them, when a place just like it was tried on another route. */
function triedOnce({ loc, schema }: Place, texts: readonly string[]): readonly string[] {
  const place = JSON.stringify([loc.at(-1), schema, texts]);
  if (tried.has(place)) return texts.slice(0, 1);
  tried.add(place);
  return texts;
}

let before: Record<string, number>;
beforeAll(async () => {
  before = await rowCounts(api);
});
afterAll(async () => {
  expect(await rowCounts(api)).toEqual(before);
});

describe.each(routes)('$method $url', ({ method, url, schema }) => {
  const places = placesIn(schema);

  /** Puts each of some JSON texts at a place; answers those that were not refused there, alone. */
  async function notRefused(place: Place, texts: readonly string[]): Promise<readonly string[]> {
    const loc = ['body', ...place.loc];
    const wrong: string[] = [];
    for (const text of texts) {
      const body = JSON.stringify(place.with('@')).replace('"@"', () => text);
      const answer = await send(api, method, url, body);
      const flaws = [...flawsOf(answer)];
      if (answer.statusCode !== 422) flaws.push(`status ${answer.statusCode}`);
      const told = JSON.stringify(placesOf(answer));
      if (told !== JSON.stringify([loc])) flaws.push(`told at ${told}`);
      if (flaws.length > 0) wrong.push(`${loc.join('.')} = ${text.slice(0, 50)}: ${flaws}`);
    }
    return wrong;
  }

  async function allNotRefused(textsFor: (place: Place) => readonly string[]) {
    const wrong: string[] = [];
    for (const place of places) {
      wrong.push(...(await notRefused(place, triedOnce(place, textsFor(place)))));
    }
    return wrong;
  }

  test('a value of another type is refused at its place', async () => {
    expect(await allNotRefused(({ schema }) => textsOfOtherTypes(schema))).toEqual([]);
  });

  test('a number that is too small, too large or not whole is refused at its place', async () => {
    expect(await allNotRefused(({ schema }) => numbersOutside(schema))).toEqual([]);
  });

  test('a text that is none of the words, or has not the form, is refused at its place', async () => {
    expect(await allNotRefused(({ schema }) => textsOutside(schema))).toEqual([]);
  });

  test('a field that must be there is missed at its place', async () => {
    for (const place of places.filter(({ isRequired, loc }) => isRequired && loc.at(-1) !== 1)) {
      const answer = await send(api, method, url, JSON.stringify(place.with(undefined)));
      const loc = ['body', ...place.loc];
      expect(answer.body.detail).toContainEqual({ loc, msg: 'Field required', type: 'missing' });
      // Of an empty object that may be one of two kinds, the fields of either are missed.
      const around = new Set(placesOf(answer).map((at) => JSON.stringify(at.slice(0, -1))));
      expect([...around]).toEqual([JSON.stringify(loc.slice(0, -1))]);
    }
  });
});

/** A value of each JSON type, as text. */
const valueOfType = {
  null: 'null',
  boolean: 'true',
  integer: '7',
  number: '1.5',
  string: '"text"',
  array: '[]',
  object: '{}',
};

function textsOfOtherTypes(schema: Schema): readonly string[] {
  const types = typesOf(schema);
  if (!types) return [];
  return Object.entries(valueOfType)
    .filter(([type]) => !types.has(type) && !(type === 'integer' && types.has('number')))
    .map(([, text]) => text);
}

function numbersOutside(schema: Schema): readonly string[] {
  const types = typesOf(schema);
  if (!types?.has('integer') && !types?.has('number')) return [];
  const texts = ['1e999', '-1e999', `1${'0'.repeat(400)}`];
  if (!types.has('boolean')) texts.push('true');
  if (!types.has('string')) texts.push('"1"');
  if (!types.has('number')) texts.push('1.5', '1e-308');
  const { minimum, maximum } = schema;
  if (minimum !== undefined) texts.push(String(minimum - 1), '-2147483649', '-1e308');
  if (schema.exclusiveMinimum !== undefined) texts.push(String(schema.exclusiveMinimum), '-1e308');
  if (maximum !== undefined) {
    // Of the largest ones, the next number is too far away to be one more.
    texts.push(String(maximum + 1 > maximum ? maximum + 1 : maximum * 2), '1e308');
  }
  return texts;
}

const noMoments = [
  '',
  'yesterday',
  '2026',
  '2026-05',
  '2026-5-1',
  '20260501',
  '2026-02-30',
  '2025-02-29',
  '2026-05-01Z',
  '2026-05-01T',
  '0000-01-01',
  '12:00:00Z',
  '1777636800',
  '2026-13-01T12:00:00Z',
  '2026-00-01T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2025-02-29T12:00:00Z',
  '2026-05-01T25:00:00Z',
  '2026-05-01T12:60:00Z',
  '2026-05-01T24:00:00Z',
  '2026-05-01T12Z',
  '2026-05-01T12:00:00+25:00',
  '2026-05-01T12:00:00.Z',
  '10000-01-01T00:00:00Z',
  '-0001-01-01T00:00:00Z',
];

function textsOutside(schema: Schema): readonly string[] {
  const texts: string[] = [];
  if (schema.enum || schema.const !== undefined) texts.push('', 'no such word', 'NULL', ' ');
  if (schema.minLength) texts.push('');
  if (schema.maxLength) texts.push('x'.repeat(schema.maxLength + 1));
  if (schema.pattern) texts.push('a/b', 'a b', 'ü', '?', 'a%2fb', 'a\nb', 'log_1\n');
  if (schema.format) texts.push(...noMoments);
  if (schema.not?.enum) texts.push(...schema.not.enum.map(String));
  const isWordOrMore = schema.anyOf?.some((member) => member.enum) && !schema.anyOf.some(isText);
  if (isWordOrMore) texts.push('', 'no such word');
  const asJson = texts.map((text) => JSON.stringify(text));
  if (schema.maxItems && schema.items) {
    const item = exampleOf(schema.items);
    asJson.push(JSON.stringify(Array.from({ length: schema.maxItems + 1 }, () => item)));
  }
  return asJson;
}

function isText({ type, enum: words }: Schema): boolean {
  return type === 'string' && !words;
}
