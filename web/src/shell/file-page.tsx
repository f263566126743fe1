import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FileResponse } from '../api/types.ts';
import { pagesOf } from '../files/file-pages.ts';
import { directoriesQuery, fileQuery } from '../files/file-queries.ts';
import { KindIcon } from '../files/kind-icon.tsx';
import { kindOfId } from '../files/kind-of-id.ts';
import { Failure } from '../loading/failure.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { useWide } from '../ui/use-wide.ts';
import { DirectoryCrumb } from './directory-crumb.tsx';
import { isMissing, NoSuchPage } from './no-such-page.tsx';
import { Page } from './page.tsx';

/** The frame of a page of a file: which file, which of its pages, and what can be done with it. */
export function FilePage({
  fileId,
  heading,
  status,
  actions,
  className,
  children,
}: {
  readonly fileId: string;
  /** The name of the page: `Editor`. */
  readonly heading: string;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  /** Asked when the file is there. */
  readonly children: (file: FileResponse) => ReactNode;
}) {
  const file = useQuery(fileQuery(fileId));
  const isWide = useWide(1024);
  const directories = useDirectoriesAbove(file.data);
  if (isMissing(file.error)) return <NoSuchPage what="file" />;
  return (
    <Page
      fileId={fileId}
      {...(className && { className })}
      title={file.data ? `${heading} of ${file.data.name}` : heading}
      crumbs={[
        ...directories.map((directory) => (
          <DirectoryCrumb key={directory.id} directory={directory} />
        )),
        ...(file.data ? [<FileName key="file" file={file.data} />] : []),
      ]}
      heading={
        <>
          {file.data && (
            <span className="flex min-w-0 items-center gap-1.5 md:hidden">
              <KindIcon kind={file.data.type} />
              <span className="truncate">{file.data.name}</span>
            </span>
          )}
          <span className="truncate max-md:sr-only">{heading}</span>
        </>
      }
      status={status}
      actions={actions}
    >
      {!isWide && <PageTabs fileId={fileId} />}
      {file.isPending && <SkeletonRows rows={6} />}
      {file.isError && (
        <div className="p-4">
          <Failure error={file.error} onRetry={() => void file.refetch()} />
        </div>
      )}
      {file.data && children(file.data)}
    </Page>
  );
}

/** The directories of a file, without the root, from the outside in. */
function useDirectoriesAbove(file: FileResponse | undefined) {
  const { data: directories = [] } = useQuery(directoriesQuery);
  return directories
    .filter(({ path }) => path !== '' && file?.path.startsWith(`${path}/`))
    .toSorted((a, b) => a.path.length - b.path.length);
}

function FileName({ file: { type, name } }: { readonly file: FileResponse }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <KindIcon kind={type} />
      <span className="truncate">{name}</span>
    </span>
  );
}

/** The pages of the file, where the sidebar is not there to show them. */
function PageTabs({ fileId }: { readonly fileId: string }) {
  const kind = kindOfId(fileId);
  const pages = kind ? pagesOf(kind) : [];
  if (pages.length < 2) return null;
  return (
    <nav
      aria-label="Pages of the file"
      className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2"
    >
      {pages.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          params={{ fileId }}
          activeOptions={{ includeSearch: false }}
          className="flex h-9 shrink-0 items-center border-b-2 border-transparent px-2 text-fg-2 -outline-offset-2 aria-[current=page]:border-fg aria-[current=page]:font-medium aria-[current=page]:text-fg coarse:h-11"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
