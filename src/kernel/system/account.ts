import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An account of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where a server that runs as root keeps what its other accounts need and cannot reach elsewhere. */
export const systemHome = '/var/lib/loopwright';

/** Whether the account can enter every folder on the path, and read what stands at its end. */
export async function canEnter(path: string, { uid, gid }: Account): Promise<boolean> {
  for (let folder = path, wanted = 0o5; ; folder = dirname(folder), wanted = 0o1) {
    const { mode, uid: owner, gid: group } = await stat(folder);
    const granted = owner === uid ? mode >> 6 : group === gid ? mode >> 3 : mode;
    if ((granted & wanted) !== wanted) return false;
    if (dirname(folder) === folder) return true;
  }
}
