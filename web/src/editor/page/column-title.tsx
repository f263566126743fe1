import { EnvironmentMarks } from '../../deploy/environment-marks.tsx';
import { versionCode } from '../../files/version-code.ts';
import type { Edited } from '../draft/use-draft.ts';

/** Which version a column of a comparison has. */
export function ColumnTitle({ edited: { version, isChanged } }: { readonly edited: Edited }) {
  return (
    <div className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line bg-sunken px-4">
      <h2 className="min-w-0 truncate font-medium">
        {version.version_name && `${version.version_name} `}
        <span className="font-mono text-xs">{versionCode(version.version_id)}</span>
      </h2>
      <EnvironmentMarks environments={version.environments} />
      {isChanged && <span className="text-xs text-fg-2">with uncommitted changes</span>}
    </div>
  );
}
