import { resolve } from 'node:path';
import { StartFailure } from './start-failure.ts';

/**
 * What an error means for who starts a server on a data folder.
 *
 * @returns the error itself where it says so already.
 */
export function dataFolderFailure(dataDir: string, error: unknown): StartFailure {
  if (error instanceof StartFailure) return error;
  const { message = '', path } = error as NodeJS.ErrnoException;
  const place = path ?? resolve(dataDir);
  const [happened, remedy] = kindOf(error)?.told ?? [
    `cannot be used (${message || String(error)})`,
    'mend that, or set it to another folder',
  ];
  return new StartFailure(
    `LOOPWRIGHT_DATA_DIR is ${resolve(dataDir)}, and ${place} ${happened}`,
    remedy,
    error,
  );
}

/** Whether the reason of an error is known to be the folder. */
export function isOfDataFolder(error: unknown): boolean {
  return kindOf(error) !== undefined;
}

function kindOf(error: unknown) {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  return kinds.find(({ is }) => is.test(code) || is.test(message));
}

/** Whether there is no room on a disk, as the system, or Postgres on its behalf, says it. */
export const noRoom = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/;

const kinds: readonly { readonly is: RegExp; readonly told: readonly [string, string] }[] = [
  {
    is: /^(EACCES|EPERM|EROFS)$/,
    told: [
      'may not be written by this account',
      'let the account write to it, or set it to another folder',
    ],
  },
  {
    is: /^(EEXIST|ENOTDIR|EISDIR)$/,
    told: ['cannot be made, since a file is in the way', 'set it to a folder, or to none yet'],
  },
  { is: /^ENAMETOOLONG$/, told: ['is too long for a path', 'set it to a shorter one'] },
  {
    is: noRoom,
    told: ['is on a disk that is full', 'make room on it, or set it to another folder'],
  },
];
