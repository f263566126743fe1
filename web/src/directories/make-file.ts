import type { FileResponse } from '../api/types.ts';
import { directoryQuery } from '../files/file-queries.ts';
import { queryClient } from '../query/query-client.ts';
import { joinPath } from './entry.ts';
import type { Start } from './starts.ts';

/**
 * Makes a file in a directory that has none of this name.
 *
 * @param text for starts that are pasted.
 */
export async function makeFile(
  start: Start,
  directory: { readonly id: string; readonly path: string },
  { name, text }: { readonly name: string; readonly text: string },
): Promise<FileResponse> {
  // Storing at a path that has a file of this kind would make a version of that file.
  const { files } = await queryClient.fetchQuery({ ...directoryQuery(directory.id), staleTime: 0 });
  const path = joinPath(directory.path, name.trim().normalize());
  if (files.some((file) => file.path === path)) {
    throw new Error(`There is already a file at ${path}. Choose another name.`);
  }
  const file = await start.make(path, text);
  await Promise.all(
    [['directory'], ['directories'], ['files']].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
  return file;
}
