import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useDeployments } from '../deploy/use-deployments.ts';
import { versionsQuery } from '../files/file-queries.ts';
import { useShortcuts } from '../keyboard/use-shortcuts.ts';
import { Failure } from '../loading/failure.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { FilePage } from '../shell/file-page.tsx';
import { Split } from '../ui/split.tsx';
import { useWide } from '../ui/use-wide.ts';
import { Comparison } from '../versions/comparison.tsx';
import { VersionList } from '../versions/version-list.tsx';
import { versionViews } from '../versions/version-view.ts';
import { type DiffChoice, readDiff, withToggled, writeDiff } from '../versions/versions-search.ts';

/** The versions of a file: which there are, what is different between them, and where they are deployed. */
export function FileVersionsPage() {
  const { fileId } = useParams({ from: '/signed-in/f/$fileId/versions' });
  return (
    <FilePage fileId={fileId} heading="Versions">
      {() => <Versions fileId={fileId} />}
    </FilePage>
  );
}

function Versions({ fileId }: { readonly fileId: string }) {
  const { diff } = useSearch({ from: '/signed-in/f/$fileId/versions' });
  const navigate = useNavigate({ from: '/f/$fileId/versions' });
  const versions = useQuery(versionsQuery(fileId));
  const deployments = useDeployments(fileId);
  const isWide = useWide(1024);
  const views = versionViews(versions.data ?? [], deployments.data);
  const [newest] = views;
  const choice =
    readDiff(diff) ??
    (newest && { before: newest.previous?.version_id, after: newest.version.version_id });
  const choose = (next: DiffChoice) => void navigate({ search: { diff: writeDiff(next) } });
  const show = (index: number) => {
    const view = views[index];
    if (view) choose({ before: view.previous?.version_id, after: view.version.version_id });
  };
  const place = views.findIndex(({ version }) => version.version_id === choice?.after);
  useShortcuts({ down: () => show(place + 1), up: () => show(place - 1) });
  if (versions.isError) {
    return (
      <div className="p-4">
        <Failure error={versions.error} onRetry={() => void versions.refetch()} />
      </div>
    );
  }
  if (!versions.data || !choice) return <SkeletonRows rows={8} />;
  const list = (
    <VersionList
      versions={views}
      shown={choice}
      onShow={({ version_id: id }) =>
        show(views.findIndex(({ version }) => version.version_id === id))
      }
      onToggle={({ version_id: id }) =>
        choose(
          withToggled(
            choice,
            id,
            views.map(({ version }) => version.version_id),
          ),
        )
      }
    />
  );
  const comparison = <Comparison versions={versions.data} choice={choice} onChoose={choose} />;
  return isWide ? (
    <Split name="versions" direction="row" standard={0.3} label="Width of the list of versions">
      {[
        <div
          key="list"
          className="flex min-h-0 min-w-0 flex-1 flex-col border-r border-line bg-panel"
        >
          {list}
        </div>,
        comparison,
      ]}
    </Split>
  ) : (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="max-h-[40%] shrink-0 overflow-y-auto border-b border-line bg-panel">
        {list}
      </div>
      {comparison}
    </div>
  );
}
