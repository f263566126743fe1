import type { FileType, SpecOf } from '../contract/kinds/index.ts';
import type { Timestamp } from '../kernel/clock.ts';

/** A named slot, to which each file can deploy one version. */
export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly tag: 'default' | 'other';
  readonly created_at: Timestamp;
}

/** The member who created something. */
export interface Member {
  readonly id: string;
  readonly email_address: string;
  readonly full_name: string | null;
}

/**
 * A file in one of its versions, with everything that answers show. `FileVersion<'agent'>` has the
 * spec of an agent; a plain `FileVersion` can be of any kind and narrows by its `type`.
 */
export type FileVersion<K extends FileType = FileType> = {
  [Type in K]: VersionOfKind<Type>;
}[K];

interface VersionOfKind<K extends FileType> {
  readonly type: K;
  /** The fields that define the version, in wire form. */
  readonly spec: SpecOf<K>;
  readonly id: string;
  readonly path: string;
  readonly name: string;
  /** Null only if the file is deleted. */
  readonly directoryId: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly readme: string | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly createdBy: Member | null;
  readonly versionId: string;
  readonly versionName: string | null;
  readonly versionDescription: string | null;
  readonly versionCreatedAt: Timestamp;
  readonly versionUpdatedAt: Timestamp;
  readonly versionCreatedBy: Member | null;
  /** True if the version or its file was deleted. */
  readonly isDeleted: boolean;
  readonly isFileDeleted: boolean;
  /** Where the version is deployed. */
  readonly environments: readonly Environment[];
  readonly versionLogsCount: number;
  readonly totalLogsCount: number;
  readonly lastUsedAt: Timestamp | null;
}

/** Whether a version is of a kind. */
export function isOfKind<K extends FileType>(
  version: FileVersion | undefined,
  { type }: { readonly type: K },
): version is FileVersion & FileVersion<K> {
  return version?.type === type;
}
