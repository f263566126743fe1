import { oneTurnAgent } from '../agents.ts';
import type { ApiClient } from '../api-client.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { type FillTarget, fill, logCount, spanCount } from '../million/fill.ts';
import { withServer } from '../server.ts';

/** Timed requests per figure, after three untimed ones. */
const rounds = 40;

/**
 * How long lists, filters and a large trace take in a file with a million logs, with one client.
 */
export function measureMillion({ profileDir }: Bench): Promise<readonly Figure[]> {
  return withServer({ clients: 1, profileDir }, async (server, client) => {
    const target = await storeFiles(client);
    const { traceId, seconds, searchSeconds } = await fill(server.dataDir, target);
    const list = `/v5/logs?file_id=${target.fileId}`;
    const page1000 = await cursorOfPage(client, list, 1_000);
    const lists: Readonly<Record<string, string>> = {
      'first page': list,
      'page 1,000 by number': `${list}&page=1000`,
      'page 1,000 by cursor': `${list}&cursor=${page1000}`,
      'page 90,000 by number': `${list}&page=90000`,
      'page past the end': `${list}&page=200000`,
      'first page, view=summary': `${list}&view=summary&size=50`,
      'page with the logs below each': `${list}&include_trace_children=true`,
    };
    const filters: Readonly<Record<string, string>> = {
      'version of one log in ten': `${list}&version_id=${target.versionIds[1]}`,
      'version of one log in a thousand': `${list}&version_id=${target.versionIds[2]}`,
      'one day of 231': `${list}&start_date=2026-03-01T00:00:00&end_date=2026-03-02T00:00:00`,
      'half of all days': `${list}&end_date=2026-04-25T00:00:00`,
      'below another log (none)': `${list}&in_trace_filter=true`,
      'not below another log (all)': `${list}&in_trace_filter=false`,
      'part of an id': `${list}&id=bench_00500000`,
      'text in 10 logs': `${list}&search=Zanzibar`,
      'text in one log': `${list}&search=ACC-765432`,
      'text in no log': `${list}&search=nowhere+to+be+found`,
      'text in every log': `${list}&search=Example+Bank`,
      'metadata of one log': `${list}&metadata_search=T-123456`,
      'metadata of one log in three': `${list}&metadata_search=phone`,
      'text, days and version': `${list}&search=zanzibar&start_date=2026-03-01T00:00:00&version_id=${target.versionIds[0]}`,
    };
    const overview: Readonly<Record<string, string>> = {
      'all files, first page': '/v5/logs?view=summary&size=50',
      'all files, failed (few)': '/v5/logs?view=summary&size=50&status=error',
      'all files, by latency': '/v5/logs?view=summary&size=50&sort_by=latency',
      'all files, cost of none': '/v5/logs?view=summary&size=50&min_cost=1000',
      'all files, figures': '/v5/log-stats',
    };
    return [
      { what: `${logCount / 1e6} million logs written by SQL`, value: seconds, unit: 's' },
      { what: 'made ready for search', value: searchSeconds, unit: 's' },
      ...(await timeAll(client, lists, 50)),
      ...(await timeAll(client, filters, 150)),
      ...(await timeAll(client, overview, 1_500)),
      ...(await timeAll(
        client,
        { 'spans of that trace, a page': `/v5/logs/${traceId}/spans` },
        500,
      )),
      ...(await timeAll(
        client,
        { [`trace of ${spanCount.toLocaleString('en')} spans`]: `/v5/logs/${traceId}` },
        500,
      )),
      ...(await timeAll(client, { 'sample of 100': `${list}&sample=100` })),
    ];
  });
}

async function storeFiles(client: ApiClient): Promise<FillTarget> {
  const store = async (path: string, temperature: number) =>
    JSON.parse(
      await client.post('/v5/agents', JSON.stringify({ ...oneTurnAgent, path, temperature })),
    );
  const first = await store('bench/million', 0);
  const second = await store('bench/million', 0.1);
  const third = await store('bench/million', 0.2);
  const steps = await store('bench/steps', 0);
  return {
    fileId: first.id,
    versionIds: [first.version_id, second.version_id, third.version_id],
    stepsFileId: steps.id,
    stepsVersionId: steps.version_id,
  };
}

async function cursorOfPage(client: ApiClient, list: string, page: number): Promise<string> {
  const before = (await client.get(`${list}&view=summary&page=${page - 1}`)) as {
    readonly next_cursor: string;
  };
  return before.next_cursor;
}

/** @param atMost the limit in milliseconds for the 95th percentile. */
async function timeAll(
  client: ApiClient,
  paths: Readonly<Record<string, string>>,
  atMost?: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, path] of Object.entries(paths)) {
    const times: number[] = [];
    for (let round = -3; round < rounds; round++) {
      const start = performance.now();
      await client.get(path);
      if (round >= 0) times.push(performance.now() - start);
    }
    figures.push(
      { what: `${what}: p50`, value: quantile(times, 0.5), unit: 'ms' },
      {
        what: `${what}: p95`,
        value: quantile(times, 0.95),
        unit: 'ms',
        ...(atMost === undefined ? {} : { target: { atMost } }),
      },
    );
  }
  return figures;
}
