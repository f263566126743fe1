import { styleText } from 'node:util';
import { version } from '../kernel/version.ts';
import { type Command, commonOptions, type Options } from './command.ts';
import { commands } from './commands.ts';
import { aligned } from './table.ts';

/** What `--help` of a command prints; that of the first one shows all commands. */
export function helpOf(command: Command): string {
  const { script, summary, argument, options } = command;
  const argumentUsage = argument && (argument.standard ? `[${argument.name}]` : argument.name);
  const usage = ['npm', script, '--', argumentUsage, '[options]'].filter(Boolean).join(' ');
  const sections = [
    ...(command === commands[0]
      ? [`Loopwright ${version}, an open, self-hosted server for AI agents.`]
      : []),
    `${styleText('bold', 'Usage:')} ${usage}\n${summary}`,
    ...(argument ? [listed('Argument', [[argument.name, argument.summary]])] : []),
    listed('Options', rowsOf({ ...options, ...commonOptions })),
    ...(command === commands[0]
      ? [
          listed(
            'Commands',
            commands.map(({ script, summary }) => [`npm ${script}`, summary]),
          ),
          'Each command has a --help. Settings are variables of the environment: .env.example has all.',
        ]
      : []),
  ];
  return sections.join('\n\n');
}

function rowsOf(options: Options): readonly string[][] {
  return Object.entries(options).flatMap(([name, { short, value, summary }]) => {
    const words = [`--${name}${value ? ` ${value}` : ''}`, ...(short ? [`-${short}`] : [])];
    return summary ? [[words.join(', '), summary]] : [];
  });
}

function listed(title: string, rows: readonly string[][]): string {
  const lines = aligned(rows).map(([name = '', summary = '']) => `  ${name}   ${summary}`);
  return [`${styleText('bold', title)}:`, ...lines.map((line) => line.trimEnd())].join('\n');
}
