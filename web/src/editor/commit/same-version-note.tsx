import type { FileResponse } from '../../api/types.ts';
import { versionLabel } from '../../files/version-code.ts';
import { changeOfDefaults } from '../spec/field-changes.ts';
import type { Spec } from '../spec/spec.ts';

/** Says when a commit makes no new version, because it only writes defaults out or leaves them out. */
export function SameVersionNote({
  version,
  base,
  spec,
}: {
  readonly version: FileResponse;
  readonly base: Spec;
  readonly spec: Spec;
}) {
  const change = changeOfDefaults(base, spec);
  if (!change) return null;
  return (
    <p className="rounded-lg border border-warn-line bg-warn-soft px-3 py-2 text-xs">
      {change === 'written'
        ? `This makes no new version: ${versionLabel(version)} sends these defaults from now on, wherever it is deployed.`
        : `This makes no new version: ${versionLabel(version)} goes on sending a default that was written out once. Change something else with it, and the new version leaves it out.`}
    </p>
  );
}
