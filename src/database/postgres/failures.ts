import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noRoom } from '../../kernel/data-folder-failure.ts';
import { StartFailure } from '../../kernel/start-failure.ts';
import type { PostgresFolder } from './folder.ts';

/**
 * Explains to the operator why the Postgres of a folder could not be started.
 *
 * @param output the end of the output of Postgres or of one of its programs.
 */
export function couldNotStart(folder: PostgresFolder, output: string): StartFailure {
  const kind = kinds.find(({ is }) => is.test(output)) ?? otherKind;
  return new StartFailure(
    `LOOPWRIGHT_DATA_DIR has a database in ${folder.home} ${kind.happened(folder, decisiveLine(output))}`,
    kind.remedy,
    new Error(output),
  );
}

/** Whether Postgres could not be started because its disk is full. */
export function isDiskFull({ cause }: Error): boolean {
  return cause instanceof Error && noRoom.test(cause.message);
}

interface Kind {
  readonly is: RegExp;
  readonly happened: (folder: PostgresFolder, line: string) => string;
  readonly remedy: string;
}

/** The first entry that matches is used. */
const kinds: readonly Kind[] = [
  {
    is: /shared memory.*(No space left|Cannot allocate|Permission denied)|could not (create|map|resize) (anonymous )?shared memory/i,
    happened: (_, line) => `whose Postgres cannot get shared memory (${line})`,
    remedy: 'make /dev/shm larger (docker run --shm-size=256m), or set DATABASE_URL',
  },
  {
    is: noRoom,
    happened: () => 'on a disk that is full',
    remedy: 'free some space on it, or set LOOPWRIGHT_DATA_DIR to another folder',
  },
  {
    is: /incompatible with server/,
    happened: ({ data }) =>
      `that was created by Postgres ${versionOf(data)}, but this Loopwright comes with another version`,
    remedy:
      'start the release of Loopwright that created it, or set LOOPWRIGHT_DATA_DIR to another folder',
  },
  {
    is: /lock file|pre-existing shared memory|another postmaster/i,
    happened: (_, line) => `that another Postgres is using (${line})`,
    remedy: 'stop that one, or set LOOPWRIGHT_DATA_DIR to another folder',
  },
  {
    is: /password authentication failed/,
    happened: ({ home }) => `that does not accept the password in ${home}/password`,
    remedy:
      'restore that file from where the database came from, or empty pg_hba.conf but for the line "local all all trust" and start again: a password is then set anew',
  },
  {
    is: /loading shared libraries|ENOENT|Exec format error|exec format|symbol lookup|GLIBC/i,
    happened: (_, line) => `whose Postgres does not run on this machine (${line})`,
    remedy: 'set DATABASE_URL to a Postgres 15 or newer',
  },
  {
    is: /could not find the database system|not a valid data directory|invalid checkpoint|valid checkpoint record|PANIC|invalid (data|control)|incorrect checksum|does not exist|No such file|could not (open|read)/i,
    happened: (_, line) => `that is damaged (${line})`,
    remedy:
      'restore that folder from a backup, or set LOOPWRIGHT_DATA_DIR to another folder to start with an empty database',
  },
];

const otherKind: Omit<Kind, 'is'> = {
  happened: (_, line) => `whose Postgres could not be started (${line})`,
  remedy: 'read its postgres.log, or set DATABASE_URL to a Postgres 15 or newer',
};

/** The line of Postgres's output that gives the reason; the lines after it only report the exit. */
function decisiveLine(output: string): string {
  const lines = output.trim().split('\n');
  const line =
    lines.find((text) => /\b(PANIC|FATAL):/.test(text)) ??
    lines.findLast((text) => /could not|cannot/.test(text)) ??
    lines.at(-1) ??
    '';
  return line.replace(/^(.*?\b(PANIC|FATAL):|but)\s+/, '').trim();
}

function versionOf(data: string): string {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return 'of another version';
  }
}
