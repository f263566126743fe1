import { infiniteQueryOptions } from '@tanstack/react-query';
import { answered, api } from '../../api/client.ts';
import { environmentsQuery } from '../../files/environment-queries.ts';
import { queryClient } from '../../query/query-client.ts';

export type Deployers = 'editors' | 'admins';

/** How many files come at once. */
const pageSize = 100;

/** What is deployed where. @param differs only files of which the environments have different versions. */
export function deployedFilesQuery(differs: boolean) {
  return infiniteQueryOptions({
    queryKey: ['deployed-files', differs],
    queryFn: async ({ signal, pageParam: page }) => {
      const query = { page, size: pageSize, differs };
      return answered(await api.GET('/v5/deployments', { params: { query }, signal }));
    },
    initialPageParam: 1,
    getNextPageParam: ({ page, size, total }) => (page * size < total ? page + 1 : undefined),
  });
}

export async function createEnvironment(name: string, deployers: Deployers): Promise<void> {
  await api.POST('/v5/environments', { body: { name, deployers } });
  await readAgain();
}

export async function changeEnvironment(
  id: string,
  body: { readonly name?: string; readonly deployers?: Deployers; readonly tag?: 'default' },
): Promise<void> {
  await api.PATCH('/v5/environments/{id}', { params: { path: { id } }, body });
  await readAgain();
}

/** @param force also when files are deployed to it. */
export async function deleteEnvironment(id: string, force: boolean): Promise<void> {
  await api.DELETE('/v5/environments/{id}', { params: { path: { id }, query: { force } } });
  await readAgain();
}

function readAgain(): Promise<unknown> {
  return Promise.all(
    [environmentsQuery.queryKey, ['deployed-files'], ['deployments']].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
