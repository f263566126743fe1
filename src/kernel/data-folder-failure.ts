import { resolve } from 'node:path';
import { StartFailure } from './start-failure.ts';

/**
 * Explains an error of the data folder to the operator: what happened, and what to do about it.
 *
 * @returns `error` itself when it is a StartFailure already.
 */
export function dataFolderFailure(dataDir: string, error: unknown): StartFailure {
  if (error instanceof StartFailure) return error;
  const { message = '', path } = error as NodeJS.ErrnoException;
  const place = path ?? resolve(dataDir);
  const [happened, remedy] = findKind(error)?.texts ?? [
    `cannot be used (${message || String(error)})`,
    'fix the problem, or set LOOPWRIGHT_DATA_DIR to another folder',
  ];
  return new StartFailure(
    `LOOPWRIGHT_DATA_DIR is ${resolve(dataDir)}, but ${place} ${happened}`,
    remedy,
    error,
  );
}

/** Whether an error is one that the data folder causes: no permission, no room, a wrong path. */
export function isDataFolderError(error: unknown): boolean {
  return findKind(error) !== undefined;
}

function findKind(error: unknown) {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  return kinds.find(({ is }) => is.test(code) || is.test(message));
}

/** Matches the error of a full disk, from the system or from Postgres. */
export const noRoom = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/;

const kinds: readonly { readonly is: RegExp; readonly texts: readonly [string, string] }[] = [
  {
    is: /^(EACCES|EPERM|EROFS)$/,
    texts: [
      'is not writable for this account',
      'make it writable, or set LOOPWRIGHT_DATA_DIR to another folder',
    ],
  },
  {
    is: /^(EEXIST|ENOTDIR|EISDIR)$/,
    texts: [
      'cannot be created, because a file is in the way',
      'set LOOPWRIGHT_DATA_DIR to a folder, or to a path where nothing exists yet',
    ],
  },
  {
    is: /^ENAMETOOLONG$/,
    texts: ['is too long for a path', 'set LOOPWRIGHT_DATA_DIR to a shorter path'],
  },
  {
    is: noRoom,
    texts: [
      'is on a disk that is full',
      'free some space on it, or set LOOPWRIGHT_DATA_DIR to another folder',
    ],
  },
];
