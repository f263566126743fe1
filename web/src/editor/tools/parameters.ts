/** A parameter of a function that a person can fill in as one line of a form. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly description: string;
  readonly isRequired: boolean;
  /** Of text: what it must be one of. */
  readonly options: readonly string[];
}

export const parameterTypes = [
  { value: 'string', name: 'Text' },
  { value: 'number', name: 'Number' },
  { value: 'integer', name: 'Whole number' },
  { value: 'boolean', name: 'Yes or no' },
  { value: 'list', name: 'List of texts' },
] as const;

export type ParameterType = (typeof parameterTypes)[number]['value'];

type Schema = Readonly<Record<string, unknown>>;

/** The parameters of a JSON schema; undefined for one that says more than a form of lines can. */
export function readParameters(
  schema: Schema | null | undefined,
): readonly Parameter[] | undefined {
  if (!schema) return [];
  const { type, properties = {}, required = [], ...rest } = schema;
  if (Object.keys(rest).length > 0 || (type !== undefined && type !== 'object')) return undefined;
  if (!Array.isArray(required)) return undefined;
  const parameters = Object.entries(properties as Record<string, Schema>).map(([name, property]) =>
    readParameter(name, property, required.includes(name)),
  );
  return parameters.every((one) => one !== undefined) ? parameters : undefined;
}

function readParameter(name: string, property: Schema, isRequired: boolean): Parameter | undefined {
  const { type, description = '', enum: options, items, ...rest } = property;
  const isList = type === 'array' && isTextSchema(items);
  const isKnown = isList || ['string', 'number', 'integer', 'boolean'].includes(String(type));
  if (!isKnown || Object.keys(rest).length > 0 || typeof description !== 'string') return undefined;
  if (items !== undefined && !isList) return undefined;
  if (options !== undefined && !(type === 'string' && isTexts(options))) return undefined;
  return {
    name,
    type: isList ? 'list' : (type as ParameterType),
    description,
    isRequired,
    options: (options as readonly string[] | undefined) ?? [],
  };
}

/** The JSON schema of some parameters. */
export function writeParameters(parameters: readonly Parameter[]): Record<string, unknown> {
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, type, description, options }) => [
        name,
        {
          ...(type === 'list' ? { type: 'array', items: { type: 'string' } } : { type }),
          ...(description && { description }),
          ...(type === 'string' && options.length > 0 && { enum: options }),
        },
      ]),
    ),
    required: parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  };
}

function isTextSchema(value: unknown): boolean {
  return JSON.stringify(value) === '{"type":"string"}';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
