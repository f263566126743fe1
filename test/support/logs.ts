import type { TestApp } from './app.ts';

type Json = Readonly<Record<string, unknown>>;

/** The parts of a new log that tests use. */
export interface MadeLog {
  readonly id: string;
  readonly agent_id: string;
  readonly version_id: string;
}

/** Logs a run of an agent that was made elsewhere. */
export async function logAgent(
  api: Pick<TestApp, 'post'>,
  path: string,
  more: Json = {},
): Promise<MadeLog> {
  const { statusCode, body } = await api.post('/agents/log', {
    path,
    agent: { model: 'gpt-4o' },
    ...more,
  });
  if (statusCode !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** Ids of the records of a list. */
export function idsOf({ records }: { readonly records: readonly { readonly id: string }[] }) {
  return records.map(({ id }) => id);
}
