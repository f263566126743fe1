import { type Static, Type } from 'typebox';

/** How many variables one tool can have. */
export const mostToolVariables = 100;

/**
 * Characters of a value. Linux takes a variable of at most 128 KiB, its name included, and a
 * character has at most four bytes: MAX_ARG_STRLEN in its binfmts.h.
 */
const longestValue = 30_000;

/** What the code of a tool finds in its environment. */
export const toolVariable = Type.Object(
  {
    name: Type.String({ maxLength: 255, pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
    value: Type.String({ maxLength: longestValue }),
  },
  { title: 'FileEnvironmentVariableRequest' },
);

/** Variables to set: those that are named here; others stay. */
export const toolVariableList = Type.Array(toolVariable, { maxItems: mostToolVariables });

export type ToolVariable = Static<typeof toolVariable>;
