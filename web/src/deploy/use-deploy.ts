import { useNavigate } from '@tanstack/react-router';
import type { FileResponse } from '../api/types.ts';
import { fileEnvironmentsQuery, versionsQuery } from '../files/file-queries.ts';
import { versionLabel } from '../files/version-code.ts';
import { shownIn, useOptimistic } from '../query/optimistic.ts';
import { toast } from '../ui/toasts.tsx';
import type { Deployment } from './deployment.ts';
import { noteKnownDeployment } from './known-deployments.ts';
import { Overtaken, type Replacement, replaceVersion } from './replace-version.ts';

type Environments = Awaited<
  ReturnType<NonNullable<ReturnType<typeof fileEnvironmentsQuery>['queryFn']>>
>;

/**
 * Puts another version of a file into an environment, or takes the file out of it. It is shown at once,
 * and can be undone for ten seconds. What somebody else puts there meanwhile is neither replaced nor undone.
 *
 * @returns a function that takes what was seen, and what is to be there. It throws as `replaceVersion`.
 */
export function useDeploy(
  fileId: string,
): (from: Deployment, version: FileResponse | undefined) => Promise<void> {
  const navigate = useNavigate();
  const { mutateAsync } = useOptimistic<Replacement>({
    failed: 'Not deployed',
    send: async (replacement) => {
      try {
        await replaceVersion(fileId, replacement);
      } catch (error) {
        // What was there comes back: nobody else has put it there.
        const { environment, seen } = replacement;
        noteKnownDeployment(fileId, { environment, version: seen });
        throw error;
      }
    },
    remedy: (error) =>
      error instanceof Overtaken
        ? {
            name: 'See the versions',
            run: () => void navigate({ to: '/f/$fileId/versions', params: { fileId } }),
          }
        : undefined,
    shows: (deployment) => {
      noteKnownDeployment(fileId, deployment);
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
    await mutateAsync({ environment, version, seen: from.version });
    toast(
      version
        ? `${versionLabel(version)} is deployed to ${environment.name}`
        : `Taken out of ${environment.name}`,
      {
        action: {
          name: 'Undo',
          run: () => void mutateAsync({ ...from, seen: version }).catch(() => undefined),
        },
      },
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
