import { answered, api, readJson } from '../../api/client.ts';
import { idChunks } from './id-chunks.ts';
import { filterBody } from './list-search.ts';

/** Deletes some logs with all below them. @throws ApiError */
export async function deleteSome(ids: ReadonlySet<string>): Promise<void> {
  for (const { query } of idChunks('id', ids)) {
    await readJson(`/v5/logs?${query}`, { method: 'DELETE' });
  }
}

/**
 * Deletes all logs that match, with all below them. Those that are made meanwhile stay.
 *
 * @throws ApiError
 */
export async function deleteMatching(query: URLSearchParams): Promise<void> {
  const filter = { end_date: new Date().toISOString(), ...filterBody(query) };
  let isDone = false;
  while (!isDone) {
    const { is_done } = answered(await api.POST('/v5/logs/delete', { body: { filter } }));
    isDone = is_done;
  }
}
