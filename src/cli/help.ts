import { styleText } from 'node:util';
import { version } from '../kernel/version.ts';
import { type Command, commonOptions, type Options } from './command.ts';
import { commands } from './commands.ts';
import { aligned } from './table.ts';

/** The output of `--help` for a command; for the first command it lists all commands. */
export function helpText(command: Command): string {
  const { script, summary, argument, options } = command;
  const argumentUsage = argument && (argument.standard ? `[${argument.name}]` : argument.name);
  const usage = ['npm', script, '--', argumentUsage, '[options]'].filter(Boolean).join(' ');
  const sections = [
    ...(command === commands[0]
      ? [`Loopwright ${version}, an open, self-hosted server for AI agents.`]
      : []),
    `${styleText('bold', 'Usage:')} ${usage}\n${summary}`,
    ...(argument ? [listed('Argument', [[argument.name, argument.summary]])] : []),
    listed('Options', optionRows({ ...options, ...commonOptions })),
    ...(command === commands[0]
      ? [
          listed(
            'Commands',
            commands.map(({ script, summary }) => [`npm ${script}`, summary]),
          ),
          'For help with a command, add --help. Settings are environment variables; .env.example lists them.',
        ]
      : []),
  ];
  return sections.join('\n\n');
}

function optionRows(options: Options): readonly string[][] {
  return Object.entries(options).flatMap(([name, { short, value, summary }]) => {
    const words = [`--${name}${value ? ` ${value}` : ''}`, ...(short ? [`-${short}`] : [])];
    return summary ? [[words.join(', '), summary]] : [];
  });
}

function listed(title: string, rows: readonly string[][]): string {
  const lines = aligned(rows).map(([name = '', summary = '']) => `  ${name}   ${summary}`);
  return [`${styleText('bold', title)}:`, ...lines.map((line) => line.trimEnd())].join('\n');
}
