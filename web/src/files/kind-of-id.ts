import { ApiError } from '../api/api-error.ts';
import type { FileKind } from '../api/types.ts';

/** The kind of a file, which its id begins with; undefined for what is no id of a file. */
export function kindOfId(fileId: string): FileKind | undefined {
  return kinds[fileId.split('_', 1).join()];
}

/** Where the API has the files of that kind: `agents`. @throws ApiError for what is no id of a file. */
export function collectionOf(fileId: string): `${FileKind}s` {
  const kind = kindOfId(fileId);
  if (!kind) throw new ApiError(404, { detail: `There is no file ${fileId}.` });
  return `${kind}s`;
}

const kinds: Readonly<Record<string, FileKind>> = {
  ag: 'agent',
  pr: 'prompt',
  tl: 'tool',
  fl: 'flow',
  ev: 'evaluator',
  ds: 'dataset',
};
