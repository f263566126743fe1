import type { FileType } from '../../../contract/kinds/index.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import type { FileKind } from '../../../files/kind.ts';
import { evaluatorKind } from '../../../files/kinds/evaluator.ts';
import { fileKinds } from '../../../files/kinds/index.ts';
import { contentId } from '../../../kernel/ids.ts';
import { politenessUpsert, upserts } from './upserts.ts';

/** A time on the day on which all examples happen: `09:30:00`. */
export function at(time: string): string {
  return `2026-05-04T${time}.000000Z`;
}

export const production = {
  id: contentId('env', 'production'),
  name: 'production',
  tag: 'default' as const,
  created_at: at('08:00:00'),
};

export const ada = {
  id: contentId('usr', 'Ada Lovelace'),
  email_address: 'ada@example.com',
  full_name: 'Ada Lovelace',
};

/**
 * The version that each of the {@link upserts} creates. It is the first of its file, so it is
 * deployed.
 */
export const versions = Object.fromEntries(
  fileKinds.map((kind) => [kind.type, firstVersion(kind, upserts[kind.type])]),
) as { readonly [K in FileType]: FileVersion<K> };

/** An evaluator that can monitor logs. */
export const politeness = firstVersion(evaluatorKind, politenessUpsert) as FileVersion<'evaluator'>;

/** The datapoints of the dataset. */
export const datapoints = upserts.dataset.datapoints.map((content) => ({
  id: contentId('dp', JSON.stringify(content)),
  messages: null,
  ...content,
}));

/** The part of an upsert that is not the spec. */
interface Upsert {
  readonly path: string;
  readonly description?: string;
  readonly version_name?: string;
  readonly datapoints?: readonly unknown[];
}

function firstVersion(kind: FileKind, upsert: Upsert): FileVersion {
  const { path } = upsert;
  const time = at('09:30:00');
  return {
    id: contentId(kind.idPrefix, path),
    type: kind.type,
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    directoryId: contentId('dir', path.slice(0, path.lastIndexOf('/'))),
    description: upsert.description ?? null,
    tags: [],
    readme: null,
    createdAt: time,
    updatedAt: time,
    createdBy: ada,
    versionId: contentId(kind.versionIdPrefix, path),
    spec: kind.canonicalSpec(specIn(kind, upsert)),
    versionName: upsert.version_name ?? null,
    versionDescription: null,
    versionCreatedAt: time,
    versionUpdatedAt: time,
    versionCreatedBy: ada,
    isDeleted: false,
    isFileDeleted: false,
    environments: [production],
    versionLogsCount: 0,
    totalLogsCount: 0,
    lastUsedAt: null,
  } as FileVersion;
}

function specIn(kind: FileKind, upsert: Upsert): Readonly<Record<string, unknown>> {
  const members = Object.entries(upsert).filter(([name]) => name in kind.spec.properties);
  const counted = upsert.datapoints && { datapoints_count: upsert.datapoints.length };
  return { ...Object.fromEntries(members), ...counted };
}
