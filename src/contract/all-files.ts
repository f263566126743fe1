import { Type } from 'typebox';
import { pathSchema } from './checked-by-code.ts';
import { fileListQuery } from './file.ts';
import { fileTypes } from './kinds/index.ts';
import { oneOf } from './nullable.ts';

const { page, size, name, sort_by, order } = fileListQuery.properties;

/** What narrows a file to one of its versions, and what is shown of it. */
const shown = {
  environment: Type.Optional(
    Type.String({ description: 'The name of an environment; its version is the one shown.' }),
  ),
  include_raw_file_content: Type.Boolean({
    default: false,
    description: 'Fill `raw_file_content` of agents and prompts: the version as a text.',
  }),
};

/** How a list of files of all kinds is paged, narrowed and sorted. */
export const filesQuery = Type.Object({
  page,
  size,
  name,
  path: Type.Optional(
    Type.String({ description: 'A directory: only files in it, or in one below it.' }),
  ),
  template: Type.Boolean({
    default: false,
    description: 'Only files of a gallery of templates, of which there are none.',
  }),
  type: Type.Optional(Type.Array(oneOf(fileTypes))),
  ...shown,
  sort_by,
  order,
});

/** Which version of a file is meant, and what is shown of it. */
export const retrieveQuery = Type.Object(shown);

export const retrieveRequest = Type.Object({
  path: pathSchema,
});
