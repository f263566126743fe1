import { type Static, Type } from 'typebox';

/** The most environment variables of one tool. */
export const mostToolVariables = 100;

/**
 * The most characters of a value. Linux limits a variable with its name to 128 KiB (MAX_ARG_STRLEN
 * in its binfmts.h), and a character has up to four bytes.
 */
const longestValue = 30_000;

/** An environment variable for the code of a tool. */
export const toolVariable = Type.Object(
  {
    name: Type.String({ maxLength: 255, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
    value: Type.String({ maxLength: longestValue }),
  },
  { title: 'FileEnvironmentVariableRequest' },
);

/** Variables to set. Variables that are not listed stay as they are. */
export const toolVariableList = Type.Array(toolVariable, { maxItems: mostToolVariables });

export type ToolVariable = Static<typeof toolVariable>;
