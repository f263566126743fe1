import { Type } from 'typebox';
import { pathSchema } from './checked-by-code.ts';
import { fileListQuery } from './file.ts';
import { fileTypes } from './kinds/index.ts';
import { oneOf } from './nullable.ts';

const { page, size, name, sort_by, order } = fileListQuery.properties;

/** Which version of each file to show, and with what. */
const shown = {
  environment: Type.Optional(
    Type.String({
      description: 'The name of an environment: show the version that is deployed to it.',
    }),
  ),
  include_raw_file_content: Type.Boolean({
    default: false,
    description: 'Include `raw_file_content` for agents and prompts: the version as text.',
  }),
};

/** How to page, filter and sort a list of files of all kinds. */
export const filesQuery = Type.Object({
  page,
  size,
  name,
  path: Type.Optional(
    Type.String({
      description: 'The path of a directory: only files in it, or in a directory below it.',
    }),
  ),
  template: Type.Boolean({
    default: false,
    description: 'Only template files. This server has none, so the list is empty.',
  }),
  type: Type.Optional(Type.Array(oneOf(fileTypes))),
  ...shown,
  sort_by,
  order,
});

/** Which version of the file to show, and with what. */
export const retrieveQuery = Type.Object(shown);

export const retrieveRequest = Type.Object({
  path: pathSchema,
});
