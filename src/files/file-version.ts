import type { Timestamp } from '../kernel/clock.ts';
import type { FileType } from './kinds/index.ts';

/** An environment: a named slot in which each file has at most one version. */
export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly tag: 'default' | 'other';
  readonly created_at: Timestamp;
}

/** Who made something. */
export interface Member {
  readonly id: string;
  readonly email_address: string;
  readonly full_name: string | null;
}

/** A file in one of its versions, with everything that its answers show. */
export interface FileVersion {
  readonly id: string;
  readonly type: FileType;
  readonly path: string;
  readonly name: string;
  /** Null only where the file is deleted. */
  readonly directoryId: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly readme: string | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly createdBy: Member | null;
  readonly versionId: string;
  /** The fields that define the version, in wire form. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly versionName: string | null;
  readonly versionDescription: string | null;
  readonly versionCreatedAt: Timestamp;
  readonly versionUpdatedAt: Timestamp;
  readonly versionCreatedBy: Member | null;
  /** The version is deleted, or its file is. */
  readonly isDeleted: boolean;
  readonly isFileDeleted: boolean;
  /** Where the version is deployed. */
  readonly environments: readonly Environment[];
  readonly versionLogsCount: number;
  readonly totalLogsCount: number;
  readonly lastUsedAt: Timestamp | null;
}
