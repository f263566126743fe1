import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { components } from '../../api/schema.gen.ts';
import type { OrganizationEnvironment } from '../../api/types.ts';
import { environmentsQuery } from '../../files/environment-queries.ts';
import { KindIcon } from '../../files/kind-icon.tsx';
import { versionLabel } from '../../files/version-code.ts';
import { wholeTime } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Switch } from '../../ui/switch.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { deployedFilesQuery } from './environment-queries.ts';

type DeployedFile = components['schemas']['DeployedFileResponse'];

/** Files by environments: which version is where. */
export function DeploymentMatrix() {
  const environments = useQuery(environmentsQuery).data ?? [];
  const [differs, setDiffers] = useState(false);
  const query = useInfiniteQuery(deployedFilesQuery(differs));
  const standard = environments.find(({ tag }) => tag === 'default');
  const name = standard?.name ?? 'the default';
  return (
    <SettingsSection
      title="What is deployed where"
      action={
        <Switch checked={differs} onChange={setDiffers}>
          Differs from {name}
        </Switch>
      }
    >
      <SettingsTable
        label="What is deployed where"
        query={query}
        rows={query.data?.pages.flatMap(({ records }) => records) ?? []}
        keyOf={({ id }) => id}
        empty={
          differs
            ? `Every environment has the versions of ${name}.`
            : 'Nothing is deployed yet. A version is deployed from its file.'
        }
        columns={[fileColumn, ...environments.map((each) => columnOf(each, standard))]}
      />
      {query.hasNextPage && (
        <Button
          onClick={() => void query.fetchNextPage()}
          disabled={query.isFetchingNextPage}
          className="justify-self-start"
        >
          Show more files
        </Button>
      )}
    </SettingsSection>
  );
}

const fileColumn: Column<DeployedFile> = {
  name: 'File',
  isHead: true,
  grows: true,
  cell: ({ id, type, path }) => (
    <Link
      to="/f/$fileId"
      params={{ fileId: id }}
      className="flex max-w-40 items-center sm:max-w-120 gap-2 hover:underline"
      title={path}
      aria-label={path}
    >
      <KindIcon kind={type} />
      <ShortPath path={path} />
    </Link>
  ),
};

/** A path of which the directories give way before the name does. */
function ShortPath({ path }: { readonly path: string }) {
  const nameAt = path.lastIndexOf('/') + 1;
  return (
    <span className="flex min-w-0">
      <span className="truncate text-fg-2">{path.slice(0, nameAt)}</span>
      <span className="max-w-full shrink-0 truncate">{path.slice(nameAt)}</span>
    </span>
  );
}

/** What an environment has. What differs from the default one is marked, in words too. */
function columnOf(
  { id, name }: OrganizationEnvironment,
  standard: OrganizationEnvironment | undefined,
): Column<DeployedFile> {
  return {
    name,
    cell: ({ deployments }) => {
      const own = deployments.find((each) => each.environment_id === id);
      if (!own) return <span className="text-fg-3">–</span>;
      const theirs = deployments.find((each) => each.environment_id === standard?.id);
      const isOther = own.version_id !== theirs?.version_id;
      return (
        <span
          title={`Deployed ${wholeTime(own.deployed_at)}`}
          className={`font-mono text-xs ${isOther ? 'rounded bg-accent-soft px-1 text-accent' : 'text-fg-2'}`}
        >
          {versionLabel(own)}
          {isOther && <span className="sr-only"> (differs)</span>}
        </span>
      );
    },
  };
}
