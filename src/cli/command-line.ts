import { parseArgs } from 'node:util';
import { type Command, commonOptions, type Given, type Option, type Options } from './command.ts';
import { CommandFailure } from './exit.ts';
import { nearest } from './nearest.ts';

/** A parsed command line. */
export interface CommandLine {
  readonly command: Command;
  readonly given: Given<Options & typeof commonOptions>;
  /** Empty when the command takes no argument or got none. */
  readonly argument: string;
}

/**
 * Parses the arguments of the program. Without the name of a command, the first command is used.
 * `help log` is `log --help`, and `help` alone is `--help`.
 *
 * @throws Error that says what is wrong, and what would be right.
 */
export function readCommandLine(
  args: readonly string[],
  commands: readonly [Command, ...Command[]],
): CommandLine {
  const [first = '-', ...others] = args;
  if (first === 'help') return readCommandLine([...others, '--help'], commands);
  const isNamed = !first.startsWith('-');
  const command = isNamed ? commands.find(({ name }) => name === first) : commands[0];
  if (!command) {
    const names = commands.map(({ name }) => name);
    throw new Error(
      `Unknown command ${first}.${suggestion(first, names)} Commands: ${names.join(', ')}.`,
    );
  }
  const given = isNamed ? args.slice(1) : args;
  try {
    return { command, ...readArguments(command, given, commands) };
  } catch (error) {
    if (command.usageExitCode === undefined) throw error;
    throw new CommandFailure(command.usageExitCode, (error as Error).message);
  }
}

function readArguments(
  command: Command,
  args: readonly string[],
  commands: readonly Command[],
): Omit<CommandLine, 'command'> {
  const options: Options = { ...command.options, ...commonOptions };
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    // Not strict: parseArgs's own errors name neither the valid options nor the command.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) if (token.kind === 'option') checkOption(command, options, token);
  const given = values as Given<Options & typeof commonOptions>;
  const isAsking = given.help || given.version;
  const argument = isAsking ? '' : readArgument(command, positionals, commands);
  return { given, argument };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkOption(command: Command, options: Options, token: OptionToken): void {
  const { name, rawName, value } = token;
  const option: Option | undefined = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) {
    const names = Object.keys(options).filter((known) => options[known]?.summary);
    const known = names.map((known) => `--${known}`);
    throw new Error(
      `${command.name} has no option ${rawName}.${suggestion(rawName, known)} Options: ${known.join(', ')}.`,
    );
  }
  if (option.type === 'boolean' && value !== undefined) {
    throw new Error(`${rawName} takes no value.`);
  }
  // A value that begins with `-` is taken for the next option: the value was forgotten.
  if (option.type === 'string' && (!value || (value.startsWith('-') && !token.inlineValue))) {
    throw new Error(`${rawName} needs a value: ${rawName} ${option.value}.`);
  }
}

function readArgument(
  { name, script, argument }: Command,
  [given = '', ...others]: readonly string[],
  commands: readonly Command[],
): string {
  const [extra] = argument ? others : [given, ...others];
  if (extra) {
    const other = commands.find((command) => command.name === extra);
    const hint = other ? ` Did you mean npm ${other.script}?` : '';
    throw new Error(
      `${name} takes ${argument ? 'one argument' : 'no arguments'}; ${extra} is one too many.${hint}`,
    );
  }
  const value = given || argument?.standard;
  if (argument && value === undefined) {
    throw new Error(
      `${name} needs an argument: npm ${script} -- ${argument.name}. ${argument.summary}`,
    );
  }
  return value ?? '';
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}
