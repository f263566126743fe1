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
    'A name that you give the request: the same request with the same key, within 24 hours, changes nothing more and has the first answer again. Another request with the key is refused.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
};

/** The request header that asks for an answer before the run has ended. */
export const prefer = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description:
    '`respond-async`: answer 202 with the log as it is when the run has begun; its id leads to the rest. Other preferences change nothing.',
  schema: { type: 'string', examples: ['respond-async'] },
};

/** The response header that marks the answer to a repeat. */
export const idempotentReplayed = {
  description: 'The same request was there before, with this `Idempotency-Key`.',
  schema: { type: 'string', enum: ['true'] },
};

/** Descriptions of parameters whose schema has none, by name. */
const meanings: Readonly<Record<string, string>> = {
  version_id: 'The id of a version of the file.',
  environment_id: 'The id of an environment, or its name.',
  log_id: 'The id of a log.',
  name: 'The name of the variable.',
  provider: 'The name of the vendor, as versions have it.',
  page: 'Which page, from 1.',
  size: 'How many records a page has.',
  sort_by: 'What the list is sorted by.',
  order: 'Whether the list goes up or down.',
  type: 'Kinds of files: only files of these. Not given: of all.',
  evaluator_aggregates: 'Taken for the sake of clients; `evaluator_aggregates` of answers is null.',
  include_trace_children: 'Logs show those below them, as `trace_children`.',
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
