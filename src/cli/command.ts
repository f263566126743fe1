/** An option of a command. */
export interface Option {
  readonly type: 'string' | 'boolean';
  /** One letter: `h` is `-h`. */
  readonly short?: string;
  /** What stands for its value in the help: `DAYS`. */
  readonly value?: string;
  /** Not given: the help leaves the option out. */
  readonly summary?: string;
}

export type Options = Readonly<Record<string, Option>>;

/** What was given of some options. */
export type Given<Known extends Options> = {
  readonly [Name in keyof Known]?: Known[Name]['type'] extends 'string' ? string : boolean;
};

/** The one argument that a command may take. */
export interface Argument {
  /** What stands for it in the help: `ID`. */
  readonly name: string;
  readonly summary: string;
  /** What it is when none is given. Without it, one must be given. */
  readonly standard?: string;
}

/** A command of Loopwright: what the help says of it, and what it does. */
export interface Command {
  readonly name: string;
  /** What npm is given to run it: `run create-key`. */
  readonly script: string;
  readonly summary: string;
  readonly argument?: Argument;
  readonly options: Options;
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

/** The options of every command. */
export const commonOptions = {
  help: { type: 'boolean', short: 'h', summary: 'Shows this.' },
  version: { type: 'boolean', short: 'v', summary: 'Prints the version.' },
} as const satisfies Options;
