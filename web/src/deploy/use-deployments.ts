import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { components } from '../api/schema.gen.ts';
import { defaultFirst } from '../files/environment-queries.ts';
import { fileEnvironmentsQuery } from '../files/file-queries.ts';
import { versionLabel } from '../files/version-code.ts';
import { memberName } from '../session/member-name.ts';
import { toast } from '../ui/toasts.tsx';
import { type Deployment, versionIn } from './deployment.ts';
import { isKnownDeployment, noteKnownDeployment } from './known-deployments.ts';

/** Milliseconds after which it is asked again what somebody else may have deployed. */
const askAgainMs = 5_000;

/** Where a file is deployed, the default environment first. What others deploy meanwhile is shown, and said. */
export function useDeployments(fileId: string): UseQueryResult<readonly Deployment[]> {
  const found = useQuery({
    ...fileEnvironmentsQuery(fileId),
    select: readDeployments,
    refetchInterval: askAgainMs,
  });
  const before = useRef<readonly Deployment[]>(undefined);
  const { data } = found;
  useEffect(() => {
    for (const now of (before.current && data) || []) {
      const { environment, version, by } = now;
      const was = versionIn(before.current, environment.id);
      if (was?.version_id === version?.version_id || isKnownDeployment(fileId, now)) continue;
      // Several parts of a page look: it is said once.
      noteKnownDeployment(fileId, now);
      toast(
        version
          ? `${by ? memberName(by) : 'Somebody else'} deployed ${versionLabel(version)} to ${environment.name}`
          : `Somebody else took the file out of ${environment.name}`,
      );
    }
    before.current = data;
  }, [data, fileId]);
  return found;
}

function readDeployments(
  environments: readonly components['schemas']['FileEnvironmentResponse'][],
): readonly Deployment[] {
  return environments
    .toSorted(defaultFirst)
    .map(({ file, deployed_at: _, deployed_by: by, ...environment }) => ({
      environment,
      version: file,
      by: by ?? undefined,
    }));
}
