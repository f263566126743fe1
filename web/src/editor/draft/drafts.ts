import type { FileResponse } from '../../api/types.ts';

/** How a kind keeps the drafts on versions of its files, for what is done with any of them. */
export interface Drafts {
  readonly has: (fileId: string, versionId: string) => boolean;
  /** The version whose draft is gone on with when no version is asked for. */
  readonly last: (fileId: string) => string | undefined;
  /** Makes the draft on a version one on another version. */
  readonly move: (fileId: string, from: string, to: string) => void | Promise<void>;
  readonly drop: (fileId: string, versionId: string) => void;
  /** Whether a draft that is moved takes the place of one that is there; else it comes beside it. */
  readonly replaces: boolean;
  /** The version to which a draft is moved whose own was deleted. */
  readonly newest: (versions: readonly FileResponse[]) => FileResponse | undefined;
}
