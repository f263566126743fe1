import type { AgentTool, Spec } from '../spec/spec.ts';

/** A tool as the editor has it, for agents and prompts alike. What a prompt cannot say of a tool is not there. */
export type ToolEntry = AgentTool;
export type InlineTool = Extract<ToolEntry, { type: 'inline' }>;
export type LinkedTool = Extract<ToolEntry, { type: 'file' }>;
export type McpTool = Extract<ToolEntry, { type: 'mcp' }>;

/** The tools of a spec, in its order; those that a prompt links come last. */
export function entriesOf(spec: Spec): readonly ToolEntry[] {
  if (spec.kind === 'agent') return spec.tools ?? [];
  return [
    ...(spec.tools ?? []).map((json_schema): ToolEntry => ({ type: 'inline', json_schema })),
    ...(spec.linked_tools ?? []).map((file_id): ToolEntry => ({ type: 'file', link: { file_id } })),
  ];
}

/** The spec with these tools. */
export function withEntries(spec: Spec, entries: readonly ToolEntry[]): Spec {
  if (spec.kind === 'agent') return { ...spec, tools: entries.length > 0 ? [...entries] : null };
  const functions = entries.flatMap((one) => (one.type === 'inline' ? [one.json_schema] : []));
  const links = entries.flatMap((one) => (one.type === 'file' ? [one.link.file_id] : []));
  return {
    ...spec,
    tools: functions.length > 0 ? functions : null,
    linked_tools: links.length > 0 ? links : null,
  };
}

/** Where a tool stands in the spec, as faults name it. */
export function placeOf(spec: Spec, entries: readonly ToolEntry[], index: number): string {
  const entry = entries[index];
  if (spec.kind === 'agent') return `tools.${index}`;
  const before = entries.slice(0, index).filter(({ type }) => type === entry?.type).length;
  return `${entry?.type === 'file' ? 'linked_tools' : 'tools'}.${before}`;
}

/** Where the function of an inline tool stands. */
export function functionPlaceOf(spec: Spec, place: string): string {
  return spec.kind === 'agent' ? `${place}.json_schema` : place;
}

/** A function of the client's own, with a name that no other tool has. */
export function newInlineTool(entries: readonly ToolEntry[]): InlineTool {
  const taken = new Set(
    entries.map((entry) => (entry.type === 'inline' ? entry.json_schema.name : '')),
  );
  let name = 'new_tool';
  for (let count = 2; taken.has(name); count++) name = `new_tool_${count}`;
  return {
    type: 'inline',
    json_schema: {
      name,
      description: '',
      parameters: { type: 'object', properties: {}, required: [] },
    },
  };
}
