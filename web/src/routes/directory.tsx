import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { DirectoryTable } from '../directories/directory-table.tsx';
import { EntryMenu } from '../directories/entry-menu.tsx';
import { MakeButtons } from '../directories/make-buttons.tsx';
import { directoriesQuery, directoryQuery } from '../files/file-queries.ts';
import { Failure } from '../loading/failure.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { DirectoryCrumb } from '../shell/directory-crumb.tsx';
import { isMissing, NoSuchPage } from '../shell/no-such-page.tsx';
import { Page } from '../shell/page.tsx';
import { IconButton } from '../ui/icon-button.tsx';

/** A directory: what is in it. Without an id it is the root. */
export function DirectoryPage() {
  const { dirId } = useParams({ from: '/signed-in/dir/{-$dirId}' });
  const directories = useQuery(directoriesQuery);
  const id = dirId ?? directories.data?.find(({ parent_id: parent }) => !parent)?.id ?? '';
  const { data, isPending, isError, error, refetch } = useQuery({
    ...directoryQuery(id),
    enabled: id !== '',
  });
  if (isMissing(error)) return <NoSuchPage what="directory" />;
  const isEmpty = data && data.subdirectories.length + data.files.length === 0;
  return (
    <Page
      title={data?.path ? data.name : 'Files'}
      crumbs={(data?.parents ?? []).map((parent) => (
        <DirectoryCrumb key={parent.id} directory={parent} />
      ))}
      actions={
        data && (
          <>
            <MakeButtons directory={data} />
            <EntryMenu
              entry={{ type: 'directory', directory: data }}
              trigger={
                <IconButton label="Actions for this directory">
                  <Ellipsis className="size-4" />
                </IconButton>
              }
            />
          </>
        )
      }
    >
      {isError && (
        <div className="p-4">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {isPending && !isError && <SkeletonRows rows={6} />}
      {isEmpty && (
        <div className="mx-auto grid max-w-md justify-items-center gap-3 px-4 py-16 text-center">
          <h2 className="text-lg font-medium">Nothing here yet</h2>
          <p className="text-fg-2">
            A file is an agent, a prompt, a tool, a flow, an evaluator or a dataset. Make one here,
            or store one from your code: a path in this directory is enough.
          </p>
        </div>
      )}
      {data && !isEmpty && <DirectoryTable content={data} />}
    </Page>
  );
}
