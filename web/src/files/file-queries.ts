import { queryOptions } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.ts';
import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { collectionOf } from './kind-of-id.ts';

/** All directories, each with the id of the one that it is in. */
export const directoriesQuery = queryOptions({
  queryKey: ['directories'],
  queryFn: async ({ signal }) => (await api.GET('/v5/directories', { signal })).data ?? [],
});

/** A directory with what is in it, and those above it. */
export function directoryQuery(id: string) {
  return queryOptions({
    queryKey: ['directory', id],
    queryFn: async ({ signal }) => {
      const { data } = await api.GET('/v5/directories/{id}', { params: { path: { id } }, signal });
      if (!data) throw new ApiError(404, undefined);
      return data;
    },
  });
}

/** Files whose name has these words in it; the newest when there are none. */
export function filesNamedQuery(name: string) {
  return queryOptions({
    queryKey: ['files', name],
    queryFn: async ({ signal }) => {
      const query = { size: 20, sort_by: 'updated_at' as const, ...(name && { name }) };
      const { data } = await api.GET('/v5/files', { params: { query }, signal });
      return data?.records ?? [];
    },
  });
}

/** A file of any kind, by its id alone: the kind is in the id's prefix. In the version that is deployed to the default environment, or the newest. */
export function fileQuery(id: string) {
  return versionQuery(id);
}

/** A file in one of its versions; without a version as `fileQuery`. */
export function versionQuery(fileId: string, versionId?: string) {
  return queryOptions({
    queryKey: versionId === undefined ? ['file', fileId] : ['file', fileId, 'version', versionId],
    queryFn: async ({ signal }): Promise<FileResponse> => {
      const params = { path: { id: fileId }, query: versionId ? { version_id: versionId } : {} };
      const { data } = await api.GET(`/v5/${collectionOf(fileId)}/{id}`, { params, signal });
      return data as FileResponse;
    },
  });
}

/** Milliseconds after which somebody who edits asks again for versions that others made. */
export const askAgainMs = 10_000;

/** All versions of a file, the newest first. */
export function versionsQuery(fileId: string) {
  return queryOptions({
    queryKey: ['file', fileId, 'versions'],
    queryFn: async ({ signal }): Promise<readonly FileResponse[]> => {
      const params = { path: { id: fileId } };
      const { data } = await api.GET(`/v5/${collectionOf(fileId)}/{id}/versions`, {
        params,
        signal,
      });
      return (data?.records ?? []) as readonly FileResponse[];
    },
  });
}

/** The environments, each with the version of the file that is deployed to it. */
export function fileEnvironmentsQuery(fileId: string) {
  return queryOptions({
    queryKey: ['file', fileId, 'environments'],
    queryFn: async ({ signal }) => {
      const params = { path: { id: fileId } };
      const { data } = await api.GET(`/v5/${collectionOf(fileId)}/{id}/environments`, {
        params,
        signal,
      });
      return data ?? [];
    },
  });
}
