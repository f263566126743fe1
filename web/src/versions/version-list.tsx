import type { FileResponse } from '../api/types.ts';
import { EnvironmentMarks } from '../deploy/environment-marks.tsx';
import { versionCode } from '../files/version-code.ts';
import { counted } from '../format/format.ts';
import { ago, wholeTime } from '../format/time.ts';
import { cx } from '../ui/cx.ts';
import { VersionMenu } from './version-menu.tsx';
import type { VersionView } from './version-view.ts';
import type { DiffChoice } from './versions-search.ts';

/** The versions of a file, the newest first. Which one is shown is marked. */
export function VersionList({
  versions,
  shown,
  onShow,
}: {
  readonly versions: readonly VersionView[];
  readonly shown: DiffChoice | undefined;
  readonly onShow: (version: FileResponse) => void;
}) {
  return (
    <ol aria-label="Versions, the newest first" className="min-h-0 overflow-y-auto">
      {versions.map((view) => (
        <VersionRow
          key={view.version.version_id}
          view={view}
          isShown={view.version.version_id === shown?.after}
          isBase={view.version.version_id === shown?.before}
          onShow={onShow}
        />
      ))}
    </ol>
  );
}

function VersionRow({
  view,
  isShown,
  isBase,
  onShow,
}: {
  readonly view: VersionView;
  readonly isShown: boolean;
  readonly isBase: boolean;
  readonly onShow: (version: FileResponse) => void;
}) {
  const { version, environments } = view;
  const {
    version_id: id,
    version_name: name,
    version_description: description,
    committed_by: author,
    committed_at: at,
  } = version;
  const logs = version.type === 'dataset' ? undefined : version.version_logs_count;
  return (
    <li
      className={cx(
        'relative flex items-start gap-1 border-b border-line py-2 pr-2 pl-4 hover:bg-hover',
        isShown && 'bg-active',
      )}
    >
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            aria-current={isShown ? 'true' : undefined}
            onClick={() => onShow(version)}
            // The whole row is pressed with it.
            className="min-h-6 min-w-0 truncate text-left after:absolute after:inset-0"
          >
            {name && <span className="mr-2 font-medium">{name}</span>}
            <span className={cx('font-mono text-xs', name ? 'text-fg-3' : 'font-medium')}>
              {versionCode(id)}
            </span>
          </button>
          {isBase && <span className="text-2xs text-fg-3">compared with</span>}
        </p>
        {description && <p className="line-clamp-2 text-fg-2">{description}</p>}
        <p className="flex flex-wrap gap-x-2 text-xs text-fg-3">
          {author && <span className="truncate">{author.full_name ?? author.email_address}</span>}
          {at && <span title={wholeTime(at)}>{ago(at)}</span>}
          {logs !== undefined && <span>{counted(logs, 'log')}</span>}
        </p>
        {environments.length > 0 && <EnvironmentMarks environments={environments} />}
      </div>
      <VersionMenu view={view} />
    </li>
  );
}
