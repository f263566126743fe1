import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { readCommandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { helpText } from './help.ts';

test.each([
  [[], 'serve', {}, ''],
  [['--port', '1'], 'serve', { port: '1' }, ''],
  [['serve', '--stop-with-parent', '-h'], 'serve', { 'stop-with-parent': true, help: true }, ''],
  [['log', 'log_1', '--json'], 'log', { json: true }, 'log_1'],
  [['log', '--json', '--', '-1'], 'log', { json: true }, '-1'],
  [['log', '-v'], 'log', { version: true }, ''],
  [['help'], 'serve', { help: true }, ''],
  [['help', 'log'], 'log', { help: true }, ''],
  [['--help'], 'serve', { help: true }, ''],
  [['--version'], 'serve', { version: true }, ''],
  [['create-key'], 'create-key', {}, 'made by create-key'],
  [['create-key', 'my laptop'], 'create-key', {}, 'my laptop'],
  [['create-key', '--data-dir=-odd'], 'create-key', { 'data-dir': '-odd' }, 'made by create-key'],
] as const)('%j is understood', (args, name, given, argument) => {
  expect(read(args)).toMatchObject({ command: { name }, argument });
  expect({ ...read(args).given }).toEqual(given);
});

test.each([
  [
    ['sevre'],
    /^Unknown command sevre\. Did you mean serve\? Commands: serve, demo, .*, reprice, examples\.$/,
  ],
  [['nothing'], /^Unknown command nothing\. Commands: serve, /],
  [['help', 'sevre'], /^Unknown command sevre\. Did you mean serve\?/],
  [
    ['list-keys', '--jsn'],
    /^list-keys has no option --jsn\. Did you mean --json\? Options: --json, --data-dir, --help, --version\.$/,
  ],
  [['serve', '-x'], /^serve has no option -x\. Options: --port, --host, --data-dir, --help/],
  [['--constructor'], /^serve has no option --constructor\./],
  [['serve', '--port'], /^--port needs a value: --port NUMBER\.$/],
  [['serve', '--port='], /^--port needs a value/],
  [['serve', '--port', '--host', 'x'], /^--port needs a value/],
  [['list-keys', '--json=no'], /^--json takes no value\.$/],
  [['list-keys', 'all'], /^list-keys takes no arguments; all is one too many\.$/],
  [['create-key', 'my', 'laptop'], /^create-key takes one argument; laptop is one too many\.$/],
  [['serve', '--stop-with-parent', 'log'], /one too many\. Did you mean npm run log\?$/],
  [['log'], /^log needs an argument: npm run log -- ID\. The id of the log\.$/],
  [['revoke-key', ''], /^revoke-key needs an argument/],
])('%j is refused with what would be right', (args, message) => {
  expect(() => read(args)).toThrow(message);
});

describe.each(commands)('$name', (command) => {
  const { name, script, summary, options } = command;

  test('has a script of npm, which installs what is missing', () => {
    const scripts: Readonly<Record<string, string>> = manifest.scripts;
    expect(scripts[script.replace('run ', '')]).toMatch(
      new RegExp(`^node scripts/run\\.mjs (--web-beside )?src/cli/main\\.ts ${name}( |$)`),
    );
  });

  test('has a help with its options', () => {
    const help = stripVTControlCharacters(helpText(command));
    expect(help).toContain(`Usage: npm ${script} -- `);
    for (const text of [summary, '--help, -h', '--version, -v']) expect(help).toContain(text);
    for (const [option, { summary }] of Object.entries(options)) {
      expect(help.includes(`--${option}`)).toBe(summary !== undefined);
    }
  });
});

test('the help of the first command has them all', () => {
  const help = stripVTControlCharacters(helpText(commands[0]));
  for (const { script, summary } of commands) {
    expect(help).toMatch(new RegExp(`^  npm ${script} +${summary.replaceAll('.', '\\.')}$`, 'm'));
  }
});

function read(args: readonly string[]) {
  return readCommandLine(args, commands);
}
