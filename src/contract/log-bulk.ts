import { Type } from 'typebox';
import { logFilterProperties } from './log-filter.ts';
import { oneOf } from './nullable.ts';

/** The most logs that one request deletes, beside those below them. */
export const mostDeleted = 1_000;

/** Which logs to delete. A filter that is misspelt must not delete all logs. */
export const logDeletionRequest = Type.Object({
  filter: Type.Object(logFilterProperties, { additionalProperties: false, minProperties: 1 }),
});

export const logDeletionResponse = Type.Object({
  deleted: Type.Integer({ description: 'How many logs were deleted, with those below them.' }),
  is_done: Type.Boolean({ description: 'False when more logs match: send the request again.' }),
});

/** Which logs to export, and how they are written. */
export const logExportQuery = Type.Object({
  ...logFilterProperties,
  ids: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      maxItems: 1_000,
      description: 'Only logs with these ids.',
    }),
  ),
  format: Type.Unsafe<'jsonl' | 'csv'>({
    ...oneOf(['jsonl', 'csv'], {
      description: '`jsonl`: one whole log in each line. `csv`: one row for each log.',
    }),
    default: 'jsonl',
  }),
  order: Type.Unsafe<'asc' | 'desc'>({ ...oneOf(['asc', 'desc']), default: 'desc' }),
});
