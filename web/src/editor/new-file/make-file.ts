import { sendJson } from '../../api/client.ts';
import type { FileResponse } from '../../api/types.ts';
import { queryClient } from '../../query/query-client.ts';
import { readFileText } from '../draft/file-text.ts';
import { usedModelsQuery } from '../form/model-queries.ts';
import { bodyOf, type EditedKind } from '../spec/spec.ts';
import type { Starter } from './starters.ts';

/** What a new file is made of: a starter, or the text of an `.agent` or `.prompt` file. */
export type Beginning =
  | { readonly type: 'starter'; readonly starter: Starter }
  | { readonly type: 'text'; readonly text: string };

/**
 * Makes an agent or a prompt, with its first version. Its editor is at `/f/<id>/editor?version=<version_id>`.
 *
 * @throws ApiError: a path that is taken; a text that cannot be read, with lines and columns.
 */
export async function makeFile(
  kind: EditedKind,
  path: string,
  beginning: Beginning,
): Promise<FileResponse> {
  const fields = await fieldsOf(kind, beginning);
  const file = await sendJson<FileResponse>('POST', `/v5/${kind}s`, { path, ...fields });
  await queryClient.invalidateQueries({ queryKey: ['directory'] });
  await queryClient.invalidateQueries({ queryKey: ['directories'] });
  return file;
}

async function fieldsOf(
  kind: EditedKind,
  beginning: Beginning,
): Promise<Readonly<Record<string, unknown>>> {
  switch (beginning.type) {
    case 'text':
      return bodyOf(await readFileText(kind, beginning.text));
    case 'starter':
      return { ...(await model()), ...beginning.starter.fields };
  }
}

/** The model that was used last; on a new server the one that needs no key. */
async function model() {
  const [last] = await queryClient.fetchQuery(usedModelsQuery).catch(() => []);
  return last ?? { provider: 'mock', model: 'mock' };
}
