/** A parameter of a path or query in the document. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: {
    readonly default?: unknown;
    readonly type?: unknown;
    readonly minLength?: number;
  };
}

/** The request header that makes a write repeatable. */
export const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A key that you choose for the request. If you send the same request with the same key again within 24 hours, it changes nothing and gets the first answer again. A different request with the same key is refused.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
};

/** The request header that asks for an answer before the run has ended. */
export const prefer = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description:
    '`respond-async`: answer 202 with the log as soon as the run has started. Read the log later for the outcome. Other preferences are ignored.',
  schema: { type: 'string', examples: ['respond-async'] },
};

/** The response header that marks the answer to a repeat. */
export const idempotentReplayed = {
  description:
    'Present if this is the answer to an earlier request with the same `Idempotency-Key`.',
  schema: { type: 'string', enum: ['true'] },
};

/** Descriptions of parameters whose schema has none, by name. */
const meanings: Readonly<Record<string, string>> = {
  version_id: 'The id of a version of the file.',
  environment_id: 'The id or name of an environment.',
  log_id: 'The id of a log.',
  span_id: 'The id of a span, as the list of spans has it.',
  run_id: 'The id of a Run of the Evaluation.',
  evaluator_version_id: 'The id of a version of an evaluator.',
  name: 'The name of the variable.',
  provider: 'The name of the vendor, as in a version.',
  endpoint: 'The name of the custom endpoint.',
  page: 'The number of the page, from 1.',
  size: 'The number of records on a page.',
  sort_by: 'The field to sort the list by.',
  order: 'Ascending or descending order.',
  type: 'Only files of these types. Default: files of all types.',
  include_trace_children: 'Include the logs below each log, as `trace_children`.',
};

/**
 * A parameter for readers: it has a description, and is optional if it has a default. (In the
 * schema that checks requests it is required, since defaults are filled in before.)
 */
export function describedParameter(parameter: Parameter, tag: string): Parameter {
  const { name, schema, required = false } = parameter;
  const isList = schema.type === 'array';
  const thing = tag === 'directories' ? 'directory' : tag.slice(0, -1);
  const ofId = isList ? `The ids of the ${tag}.` : `The id of the ${thing}.`;
  return {
    ...parameter,
    ...(parameter.in === 'path' ? { schema: { ...schema, minLength: 1 } } : {}),
    required: required && schema.default === undefined,
    description: parameter.description ?? (name === 'id' ? ofId : (meanings[name] ?? '')),
    ...(isList ? { style: 'form', explode: true } : {}),
  };
}
