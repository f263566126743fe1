import type { Options } from './command.ts';

/** The options of commands that use the database. */
export const databaseOptions = {
  'data-dir': {
    type: 'string',
    value: 'FOLDER',
    summary: 'The data folder. Overrides LOOPWRIGHT_DATA_DIR.',
  },
} as const satisfies Options;

/** The options of commands that also use the address of the server. */
export const serverOptions = {
  port: { type: 'string', value: 'NUMBER', summary: 'The server’s port. Overrides PORT.' },
  host: { type: 'string', value: 'ADDRESS', summary: 'The server’s address. Overrides HOST.' },
  ...databaseOptions,
} as const satisfies Options;
