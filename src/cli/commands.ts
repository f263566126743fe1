import { type Command, defineCommand } from './command.ts';
import { databaseOptions, serverOptions } from './options.ts';

const json = { type: 'boolean', summary: 'Prints JSON.' } as const;

/** Every command, in the order of the help. The first runs when no command is named. */
export const commands: readonly [Command, ...Command[]] = [
  defineCommand({
    name: 'serve',
    script: 'start',
    summary: 'Runs the server until it is told to stop.',
    // `stop-with-parent` is for `npm start`, not for people, so the help does not list it.
    options: { ...serverOptions, 'stop-with-parent': { type: 'boolean' } },
    run: async (given) => (await import('./serve.ts')).serve(given),
  }),
  defineCommand({
    name: 'demo',
    script: 'run demo',
    summary: 'Plays the example agent against the running server, as a stream.',
    options: serverOptions,
    run: async (given) => (await import('./demo.ts')).demo(given),
  }),
  defineCommand({
    name: 'log',
    script: 'run log',
    summary: 'Shows a run as a tree: model calls, tools, times, tokens and costs.',
    argument: { name: 'ID', summary: 'The id of the log.' },
    options: {
      json: { ...json, summary: 'Prints the log as the API answers it.' },
      ...databaseOptions,
    },
    run: async (given, id) => (await import('./log.ts')).showLog(given, id),
  }),
  defineCommand({
    name: 'create-key',
    script: 'run create-key',
    summary: 'Makes an API key, and prints it.',
    argument: {
      name: 'NAME',
      summary: 'What it is for; list-keys shows it.',
      standard: 'made by create-key',
    },
    options: {
      'expires-in-days': { type: 'string', value: 'DAYS', summary: 'When it stops working.' },
      ...databaseOptions,
    },
    run: async (given, name) => (await import('./keys.ts')).printNewKey(given, name),
  }),
  defineCommand({
    name: 'list-keys',
    script: 'run list-keys',
    summary: 'Lists the API keys, those that work first.',
    options: { json, ...databaseOptions },
    run: async (given) => (await import('./keys.ts')).printKeys(given),
  }),
  defineCommand({
    name: 'revoke-key',
    script: 'run revoke-key',
    summary: 'Revokes an API key; running servers refuse it within a second.',
    argument: {
      name: 'KEY',
      summary: 'Its id, its first characters as listed, or the key itself.',
    },
    options: databaseOptions,
    run: async (given, key) => (await import('./keys.ts')).printRevoked(given, key),
  }),
  defineCommand({
    name: 'reprice',
    script: 'run reprice',
    summary: 'Prices stored model calls anew, after prices were corrected.',
    options: {
      since: { type: 'string', value: 'DATE', summary: 'Only calls from then on: 2026-05-01.' },
      'dry-run': { type: 'boolean', summary: 'Changes nothing, and says what would change.' },
      ...databaseOptions,
    },
    run: async (given) => (await import('./reprice.ts')).reprice(given),
  }),
];
