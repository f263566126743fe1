import type { FileResponse } from '../api/types.ts';
import { EnvironmentMarks } from '../deploy/environment-marks.tsx';
import { versionCode, versionLabel } from '../files/version-code.ts';
import { counted } from '../format/format.ts';
import { ago, wholeTime } from '../format/time.ts';
import { cx } from '../ui/cx.ts';
import { VersionMenu } from './version-menu.tsx';
import type { VersionView } from './version-view.ts';
import type { DiffChoice } from './versions-search.ts';

/** The versions of a file, the newest first. Which one is shown is marked; two can be chosen to be compared. */
export function VersionList({
  versions,
  shown,
  onShow,
  onToggle,
}: {
  readonly versions: readonly VersionView[];
  readonly shown: DiffChoice | undefined;
  readonly onShow: (version: FileResponse) => void;
  /** Called when a version is chosen to be compared, or no longer. */
  readonly onToggle: (version: FileResponse) => void;
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
          onToggle={onToggle}
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
  onToggle,
}: {
  readonly view: VersionView;
  readonly isShown: boolean;
  readonly isBase: boolean;
  readonly onShow: (version: FileResponse) => void;
  readonly onToggle: (version: FileResponse) => void;
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
        'relative flex items-start gap-1 border-b border-line py-2 pr-2 pl-2 hover:bg-hover',
        isShown && 'bg-active',
      )}
    >
      <label className="relative z-1 grid size-6 shrink-0 place-items-center coarse:size-10">
        <input
          type="checkbox"
          aria-label={`Compare ${versionLabel(version)}`}
          data-tip="Compare"
          data-tip-key="Shift + click"
          checked={isShown || isBase}
          onChange={() => onToggle(version)}
          className="size-3.5 accent-accent"
        />
      </label>
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            aria-current={isShown ? 'true' : undefined}
            onClick={(event) => (event.shiftKey ? onToggle(version) : onShow(version))}
            // The whole row is pressed with it.
            className="min-h-6 min-w-0 truncate text-left select-none after:absolute after:inset-0"
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
