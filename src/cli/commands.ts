import { type Command, defineCommand } from './command.ts';
import { evalOptions } from './eval/eval-options.ts';
import { exitCodes } from './eval/exit-codes.ts';
import { databaseOptions, serverOptions } from './options.ts';

const json = { type: 'boolean', summary: 'Prints JSON.' } as const;

const email = { name: 'EMAIL', summary: 'The email address of the member.' } as const;
const role = { type: 'string', value: 'ROLE', summary: 'owner, admin, editor or viewer.' } as const;

/** Every command, in the order of the help. The first runs when no command is named. */
export const commands: readonly [Command, ...Command[]] = [
  defineCommand({
    name: 'serve',
    script: 'start',
    summary: 'Runs the server until you stop it.',
    // `stop-with-parent` is for `npm start`, not for people, so the help does not list it.
    options: { ...serverOptions, 'stop-with-parent': { type: 'boolean' } },
    run: async (given) => (await import('./serve.ts')).serve(given),
  }),
  defineCommand({
    name: 'demo',
    script: 'run demo',
    summary: 'Runs the example agent on the running server, as a stream.',
    options: serverOptions,
    run: async (given) => (await import('./demo.ts')).demo(given),
  }),
  defineCommand({
    name: 'log',
    script: 'run log',
    summary: 'Shows a run as a tree: model calls, tools, times, tokens and costs.',
    argument: { name: 'ID', summary: 'The id of the log.' },
    options: {
      json: { ...json, summary: 'Prints the log as the API returns it.' },
      ...databaseOptions,
    },
    run: async (given, id) => (await import('./log.ts')).showLog(given, id),
  }),
  defineCommand({
    name: 'eval',
    script: 'run eval',
    summary: 'Evaluates a file on a dataset, and fails when the results are not good enough.',
    options: evalOptions,
    usageExitCode: exitCodes.refused,
    run: async (given) => (await import('./eval/eval.ts')).evaluate(given),
  }),
  defineCommand({
    name: 'create-key',
    script: 'run create-key',
    summary: 'Creates an API key and prints it.',
    argument: {
      name: 'NAME',
      summary: 'A name for the key; list-keys shows it.',
      standard: 'made by create-key',
    },
    options: {
      'expires-in-days': {
        type: 'string',
        value: 'DAYS',
        summary: 'The key expires after this many days.',
      },
      scopes: {
        type: 'string',
        value: 'SCOPES',
        summary: 'What the key may do, such as run,read. Default: everything.',
      },
      ...databaseOptions,
    },
    run: async (given, name) => (await import('./keys.ts')).printNewKey(given, name),
  }),
  defineCommand({
    name: 'list-keys',
    script: 'run list-keys',
    summary: 'Lists the API keys, usable ones first.',
    options: { json, ...databaseOptions },
    run: async (given) => (await import('./keys.ts')).printKeys(given),
  }),
  defineCommand({
    name: 'revoke-key',
    script: 'run revoke-key',
    summary: 'Revokes an API key; running servers refuse it within a second.',
    argument: {
      name: 'KEY',
      summary: 'The key’s id, its first characters as listed, or the key itself.',
    },
    options: databaseOptions,
    run: async (given, key) => (await import('./keys.ts')).printRevoked(given, key),
  }),
  defineCommand({
    name: 'setup-link',
    script: 'run setup-link',
    summary: 'Prints a new link with which somebody becomes the owner, while there is none.',
    options: databaseOptions,
    run: async (given) => (await import('./members.ts')).printSetupLink(given),
  }),
  defineCommand({
    name: 'list-members',
    script: 'run list-members',
    summary: 'Lists the people of the organization.',
    options: { json, ...databaseOptions },
    run: async (given) => (await import('./members.ts')).printMembers(given),
  }),
  defineCommand({
    name: 'invite-member',
    script: 'run invite-member',
    summary: 'Prints a link with which somebody becomes a member.',
    argument: email,
    options: {
      role: { ...role, summary: `${role.summary} Default: editor.` },
      ...databaseOptions,
    },
    run: async (given, address) => (await import('./members.ts')).printInvitation(given, address),
  }),
  defineCommand({
    name: 'change-role',
    script: 'run change-role',
    summary: 'Gives a member another role.',
    argument: email,
    options: { role, ...databaseOptions },
    run: async (given, address) => (await import('./members.ts')).printNewRole(given, address),
  }),
  defineCommand({
    name: 'remove-member',
    script: 'run remove-member',
    summary: 'Removes a member: ends their sessions and revokes their keys.',
    argument: email,
    options: databaseOptions,
    run: async (given, address) => (await import('./members.ts')).printRemoved(given, address),
  }),
  defineCommand({
    name: 'reset-password',
    script: 'run reset-password',
    summary: 'Prints a link with which a member sets a new password.',
    argument: email,
    options: databaseOptions,
    run: async (given, address) => (await import('./members.ts')).printResetLink(given, address),
  }),
  defineCommand({
    name: 'reprice',
    script: 'run reprice',
    summary: 'Recalculates the costs of stored model calls, after prices were corrected.',
    options: {
      since: {
        type: 'string',
        value: 'DATE',
        summary: 'Only calls since this date, such as 2026-05-01.',
      },
      'dry-run': { type: 'boolean', summary: 'Shows what would change, and changes nothing.' },
      ...databaseOptions,
    },
    run: async (given) => (await import('./reprice.ts')).reprice(given),
  }),
  defineCommand({
    name: 'examples',
    script: 'run examples',
    summary: 'Adds the ready-made evaluators that are missing.',
    options: databaseOptions,
    run: async (given) => (await import('./examples.ts')).printAdded(given),
  }),
];
