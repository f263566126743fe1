import { expect } from 'vitest';
import { type Answer, apiKey, type TestApp } from './app.ts';
import { drainFeed } from './feed.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'TRACE';
type Loc = readonly (string | number)[];

/** Sends a request as it stands: a body that is text or bytes goes out unchanged, as JSON or not. */
export async function send(
  { app }: Pick<TestApp, 'app'>,
  method: Method,
  url: string,
  body?: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await app.inject({
    method,
    url,
    headers: {
      'x-api-key': apiKey,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  const { statusCode, headers: answered, body: text } = response;
  const isJson = String(answered['content-type']).includes('application/json');
  return { statusCode, headers: answered, body: isJson && text !== '' ? JSON.parse(text) : text };
}

/** What is wrong with the form of a refusal; nothing when old and new clients can read it. */
export function flawsOf({ statusCode, headers, body }: Answer): readonly string[] {
  const flaws: string[] = [];
  const { detail, code, request_id: requestId, ...rest } = body;
  if (statusCode < 400 || statusCode >= 500) flaws.push(`status ${statusCode}`);
  if (Object.keys(rest).length > 0) flaws.push(`more fields: ${Object.keys(rest)}`);
  if (!/^[a-z][a-z0-9_]+$/.test(code)) flaws.push(`code ${code}`);
  if (requestId !== headers['x-request-id']) flaws.push(`request id ${requestId}`);
  if (!Array.isArray(detail)) {
    if (!isSentence(detail)) flaws.push(`detail ${JSON.stringify(detail)}`);
    return flaws;
  }
  if (statusCode !== 422) flaws.push(`a list with status ${statusCode}`);
  if (detail.length === 0) flaws.push('no fault is named');
  for (const fault of detail) {
    const keys = Object.keys(fault).sort().join();
    if (keys !== 'loc,msg,type') flaws.push(`fields of a fault: ${keys}`);
    if (!['body', 'query', 'path', 'header'].includes(fault.loc[0]))
      flaws.push(`place ${fault.loc}`);
    if (!fault.loc.every((step: unknown) => typeof step === 'string' || Number.isInteger(step))) {
      flaws.push(`place ${JSON.stringify(fault.loc)}`);
    }
    if (!isSentence(fault.msg)) flaws.push(`message ${fault.msg}`);
    if (typeof fault.type !== 'string' || fault.type === '') flaws.push(`type ${fault.type}`);
  }
  const places = detail.map(({ loc }) => JSON.stringify(loc));
  if (new Set(places).size !== places.length) flaws.push(`a place is named twice: ${places}`);
  return flaws;
}

/** A sentence without quotes: old clients split answers at quotes. */
function isSentence(text: unknown): boolean {
  return typeof text === 'string' && /^[A-Z]/.test(text) && !/['"]/.test(text);
}

/** Expects a refusal in good form; of a 422, with faults at these places and no others. */
export function expectRefusal(answer: Answer, status: number, ...locs: readonly Loc[]): void {
  expect(answer.body, JSON.stringify(answer.body)).toHaveProperty('detail');
  expect(flawsOf(answer)).toEqual([]);
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(status);
  if (locs.length > 0) expect(placesOf(answer)).toEqual(locs);
}

/** The places of the faults that an answer names. */
export function placesOf({ body }: Answer): readonly Loc[] {
  return Array.isArray(body.detail) ? body.detail.map(({ loc }: { loc: Loc }) => loc) : [];
}

/** How many rows each table has, when all that was written is counted. */
export async function rowCounts({ database }: Pick<TestApp, 'database'>) {
  await drainFeed(database);
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await database.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM "${name}"`,
    );
    counts[name] = rows[0]?.n ?? 0;
  }
  return counts;
}
