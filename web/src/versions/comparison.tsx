import { ArrowRight, Rocket } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { FileKind, FileResponse } from '../api/types.ts';
import { versionLabel } from '../files/version-code.ts';
import { DatapointsDiff } from '../kinds/dataset/datapoints-diff.tsx';
import { SkeletonRows } from '../loading/skeleton.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Segments } from '../ui/segments.tsx';
import { Select } from '../ui/select.tsx';
import { useStored } from '../ui/use-stored.ts';
import { FileTextDiff } from './file-text-diff.tsx';
import type { DiffChoice } from './versions-search.ts';

const DeployDialog = lazy(async () => ({
  default: (await import('../deploy/deploy-dialog.tsx')).DeployDialog,
}));
const SpecDiff = lazy(async () => ({
  default: (await import('../version-diff/spec-diff.tsx')).SpecDiff,
}));

const layouts = [
  { value: 'unified', name: 'Unified' },
  { value: 'side-by-side', name: 'Side by side' },
] as const;
const asFile = { value: 'file', name: 'As file' } as const;

type Layout = (typeof layouts)[number]['value'] | typeof asFile.value;

/** Kinds whose versions are also text files. */
const textKinds: ReadonlySet<FileKind> = new Set(['agent', 'prompt']);

/** Two versions of a file, and what is different between them. */
export function Comparison({
  versions,
  choice,
  onChoose,
}: {
  readonly versions: readonly FileResponse[];
  readonly choice: DiffChoice;
  readonly onChoose: (choice: DiffChoice) => void;
}) {
  const [stored, setLayout] = useStored<Layout>('diff-layout', 'unified');
  const [isDeploying, setDeploying] = useState(false);
  const mayWrite = useMay('write');
  const versionOf = (id: string | undefined) => versions.find((one) => one.version_id === id);
  const [before, after] = [versionOf(choice.before), versionOf(choice.after)];
  if (!after) return <p className="p-4 text-fg-3">There is no such version. It may be deleted.</p>;
  const known = textKinds.has(after.type) ? [...layouts, asFile] : layouts;
  const layout = known.some(({ value }) => value === stored) ? stored : 'unified';
  return (
    <section
      aria-label={`What is different in ${versionLabel(after)}`}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <VersionSelect
          label="Compare"
          versions={versions}
          value={choice.before}
          onChange={(id) => onChoose({ before: id || undefined, after: choice.after })}
          none="Nothing"
        />
        <ArrowRight aria-label="with" className="size-3.5 text-fg-3" />
        <VersionSelect
          label="With"
          versions={versions}
          value={choice.after}
          onChange={(id) => onChoose({ before: choice.before, after: id })}
        />
        <span className="flex-1" />
        {after.type !== 'dataset' && (
          <Segments label="Show as" value={layout} choices={known} onChange={setLayout} />
        )}
        {mayWrite && (
          <Button look="primary" onClick={() => setDeploying(true)}>
            <Rocket aria-hidden className="size-3.5" />
            Deploy…
          </Button>
        )}
      </div>
      <div
        tabIndex={0}
        role="region"
        aria-label="Differences"
        className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2"
      >
        <h2 className="sr-only">What is different</h2>
        <Suspense fallback={<SkeletonRows rows={6} />}>
          {layout === 'file' ? (
            <FileTextDiff before={before} after={after} />
          ) : after.type === 'dataset' ? (
            <DatapointsDiff before={before} after={after} />
          ) : (
            <SpecDiff kind={after.type} before={before ?? nothing} after={after} layout={layout} />
          )}
        </Suspense>
      </div>
      {isDeploying && (
        <Suspense>
          <DeployDialog version={after} onClose={() => setDeploying(false)} />
        </Suspense>
      )}
    </section>
  );
}

const nothing = {};

function VersionSelect({
  label,
  versions,
  value,
  onChange,
  none,
}: {
  readonly label: string;
  readonly versions: readonly FileResponse[];
  readonly value: string | undefined;
  readonly onChange: (versionId: string) => void;
  /** How it is called that none is chosen; undefined: one must be. */
  readonly none?: string;
}) {
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      choices={[
        ...(none ? [{ value: '', name: none }] : []),
        ...versions.map((version) => ({
          value: version.version_id,
          name: versionLabel(version),
        })),
      ]}
      onChange={onChange}
      className="max-w-44"
    />
  );
}
