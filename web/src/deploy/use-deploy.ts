import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { fileEnvironmentsQuery, versionsQuery } from '../files/file-queries.ts';
import { collectionOf } from '../files/kind-of-id.ts';
import { versionLabel } from '../files/version-code.ts';
import { shownIn, useOptimistic } from '../query/optimistic.ts';
import { toast } from '../ui/toasts.tsx';
import type { Deployment } from './deployment.ts';
import { noteOwnDeployment } from './own-deployments.ts';

type Environments = Awaited<
  ReturnType<NonNullable<ReturnType<typeof fileEnvironmentsQuery>['queryFn']>>
>;

/**
 * Puts another version of a file into an environment, or takes the file out of it. It is shown at once,
 * and can be undone for ten seconds.
 */
export function useDeploy(
  fileId: string,
): (from: Deployment, version: FileResponse | undefined) => Promise<void> {
  const collection = collectionOf(fileId);
  const { mutateAsync } = useOptimistic<Deployment>({
    failed: 'Not deployed',
    send: ({ environment, version }) => {
      const path = { id: fileId, environment_id: environment.id };
      return version
        ? api.POST(`/v5/${collection}/{id}/environments/{environment_id}`, {
            params: { path, query: { version_id: version.version_id } },
          })
        : api.DELETE(`/v5/${collection}/{id}/environments/{environment_id}`, { params: { path } });
    },
    shows: (deployment) => {
      noteOwnDeployment(fileId, deployment);
      return [
        shownIn<Environments>(fileEnvironmentsQuery(fileId).queryKey, (all) =>
          all.map((one) =>
            one.id === deployment.environment.id ? withVersion(one, deployment) : one,
          ),
        ),
        shownIn<readonly FileResponse[]>(versionsQuery(fileId).queryKey, (versions) =>
          versions.map((one) => withEnvironment(one, deployment)),
        ),
      ];
    },
    touches: [['file', fileId], ['directory'], ['files'], ['environments']],
  });
  return async (from, version) => {
    const { environment } = from;
    await mutateAsync({ environment, version });
    toast(
      version
        ? `${versionLabel(version)} is deployed to ${environment.name}`
        : `Taken out of ${environment.name}`,
      { action: { name: 'Undo', run: () => void mutateAsync(from).catch(() => undefined) } },
    );
  };
}

function withVersion(
  { file: _, ...environment }: Environments[number],
  { version }: Deployment,
): Environments[number] {
  return version ? { ...environment, file: version } : environment;
}

/** A version, with the environment or without it. */
function withEnvironment(one: FileResponse, { environment, version }: Deployment): FileResponse {
  const others = one.environments.filter(({ id }) => id !== environment.id);
  const isThere = one.version_id === version?.version_id;
  return { ...one, environments: isThere ? [...others, environment] : others };
}
