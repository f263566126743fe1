/** An option of a command. */
export interface Option {
  readonly type: 'string' | 'boolean';
  /** One letter: `h` for `-h`. */
  readonly short?: string;
  /** The placeholder of its value in the help: `DAYS`. */
  readonly value?: string;
  /** Without it, the help does not list the option. */
  readonly summary?: string;
}

export type Options = Readonly<Record<string, Option>>;

/** The values that were given for some options. */
export type Given<Known extends Options> = {
  readonly [Name in keyof Known]?: Known[Name]['type'] extends 'string' ? string : boolean;
};

/** The one argument that a command may take. */
export interface Argument {
  /** Its placeholder in the help: `ID`. */
  readonly name: string;
  readonly summary: string;
  /** The value when none is given. Without it, the argument is required. */
  readonly standard?: string;
}

/** A command of Loopwright: its help text and its function. */
export interface Command {
  readonly name: string;
  /** The npm arguments that run it: `run create-key`. */
  readonly script: string;
  readonly summary: string;
  readonly argument?: Argument;
  readonly options: Options;
  /** The exit code for a wrong command line. Default: 1. */
  readonly usageExitCode?: number;
  /** @param argument empty for a command that takes none. */
  readonly run: (given: Given<Options>, argument: string) => Promise<void>;
}

/** Declares a command; `run` knows the names and types of its options. */
export function defineCommand<const Known extends Options>(
  command: Omit<Command, 'options' | 'run'> & {
    readonly options: Known;
    readonly run: (given: Given<Known>, argument: string) => Promise<void>;
  },
): Command {
  return command as Command;
}

export const commonOptions = {
  help: { type: 'boolean', short: 'h', summary: 'Shows this help.' },
  version: { type: 'boolean', short: 'v', summary: 'Prints the version.' },
} as const satisfies Options;
