import type { components } from '../../api/schema.gen.ts';
import type { FileResponse } from '../../api/types.ts';

type Schemas = components['schemas'];

export type AgentTool = NonNullable<Schemas['AgentKernelRequest']['tools']>[number];
export type ToolFunction = Schemas['ToolFunction'];

type ModelFields = Omit<Schemas['AgentKernelRequest'], 'tools' | 'max_iterations'>;

/** The fields that define a version of an agent or a prompt: what the editor edits. */
export type Spec = ModelFields &
  (
    | {
        readonly kind: 'agent';
        tools?: AgentTool[] | null;
        max_iterations?: number | null;
      }
    | {
        readonly kind: 'prompt';
        tools?: ToolFunction[] | null;
        linked_tools?: string[] | null;
      }
  );

/** Kinds of files that this editor edits. */
export type EditedKind = Spec['kind'];

/** Any field of a spec. */
export type FieldName = Exclude<
  keyof ModelFields | 'tools' | 'linked_tools' | 'max_iterations',
  number
>;

/** What a version means by the fields that it leaves out. To leave one out lets the vendor choose. */
export const defaults = {
  endpoint: 'chat',
  provider: 'openai',
  template_language: 'default',
  max_tokens: -1,
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  max_iterations: 10,
} as const satisfies Partial<Record<FieldName, unknown>>;

const modelFields = [
  'provider',
  'model',
  'endpoint',
  'temperature',
  'max_tokens',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'stop',
  'seed',
  'response_format',
  'reasoning_effort',
  'template_language',
  'template',
  'other',
  'attributes',
] as const;

/** The fields of each kind, in the order in which they are read. */
export const fieldsOf = {
  agent: [...modelFields, 'max_iterations', 'tools'],
  prompt: [...modelFields, 'tools', 'linked_tools'],
} as const satisfies Record<EditedKind, readonly FieldName[]>;

/** The spec of a stored version. */
export function specOf(file: FileResponse): Spec {
  if (file.type !== 'agent' && file.type !== 'prompt') {
    throw new Error(`${file.name} is no agent and no prompt.`);
  }
  const links = (file as { readonly linked_tools?: readonly { readonly id: string }[] })
    .linked_tools;
  return tidy(file.type, {
    ...file,
    ...(file.type === 'prompt' && { linked_tools: (links ?? []).map(({ id }) => id) }),
  });
}

/**
 * Fields as a spec: without those that are absent, empty, or at a default that nobody wrote out.
 *
 * @param fields of an answer; `given_defaults` has the names of those that were written out.
 */
export function tidy(kind: EditedKind, fields: Readonly<Record<string, unknown>>): Spec {
  const given = (fields['given_defaults'] ?? []) as readonly string[];
  const entries = fieldsOf[kind]
    .map((name) => [name, name === 'tools' ? withoutFiles(fields[name]) : fields[name]] as const)
    .filter(([name, value]) => name === 'model' || given.includes(name) || isSaid(name, value));
  return { ...Object.fromEntries(entries), kind } as Spec;
}

/** The value of a field, whichever kind has it. */
export function fieldOf(spec: Spec, name: FieldName): unknown {
  return (spec as Readonly<Record<string, unknown>>)[name];
}

/** The spec with another value in a field; undefined and null leave it out. */
export function withField(spec: Spec, name: FieldName, value: unknown): Spec {
  const { [name]: _before, ...rest } = spec as Record<string, unknown>;
  return (value === undefined || value === null ? rest : { ...rest, [name]: value }) as Spec;
}

/** The body of a request: the fields without the kind. */
export function bodyOf(spec: Spec): Record<string, unknown> {
  const { kind: _kind, ...fields } = spec as Record<string, unknown>;
  return fields;
}

/** Whether two specs say the same. */
export function isSameSpec(a: Spec, b: Spec): boolean {
  return fieldsOf[a.kind].every((name) => isSameValue(fieldOf(a, name), fieldOf(b, name)));
}

/** Whether two values of a field say the same, in whatever order their members are. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a ?? null)) === JSON.stringify(ordered(b ?? null));
}

function isSaid(name: FieldName, value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  if (name === 'template') return true;
  if (typeof value === 'object' && Object.keys(value).length === 0) return false;
  return (defaults as Partial<Record<FieldName, unknown>>)[name] !== value;
}

/** Tools as requests have them: answers show linked files beside their links. */
function withoutFiles(tools: unknown): unknown {
  if (!Array.isArray(tools)) return tools;
  return tools.map((tool) => {
    const { file: _file, ...rest } = tool as Record<string, unknown>;
    return withoutAbsent(rest);
  });
}

/** A value whose members are all there: absent ones are left out, on every level. */
function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      one === null ? [] : [[name, withoutAbsent(one)]],
    ),
  );
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined && one !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, ordered(one)]),
  );
}
