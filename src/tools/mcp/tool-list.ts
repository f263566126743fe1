import { isRecord, type JsonObject } from '../../kernel/json-object.ts';
import type { McpTool } from './mcp-server.ts';
import { objectSchema } from './object-schema.ts';

/** So many tools of a server are read. Which of them are offered is not decided here. */
const mostTools = 5_000;

/**
 * The tools that a server lists, as far as they were read. A tool that is odd is mended or left out
 * by itself, with a note.
 */
export class ToolList {
  readonly notes: string[] = [];
  readonly #tools = new Map<string, McpTool>();

  get tools(): readonly McpTool[] {
    return [...this.#tools.values()];
  }

  /** @returns whether another page is wanted. */
  add(page: unknown): boolean {
    const listed = isRecord(page) ? (page['tools'] ?? []) : page;
    for (const tool of entriesOf(listed)) {
      if (this.#tools.size === mostTools) {
        this.notes.push(`it lists more than ${mostTools} tools, and only these were read.`);
        return false;
      }
      this.#addTool(tool);
    }
    return true;
  }

  /** Leaves out every tool but these. */
  keepOnly(names: ReadonlySet<string>, why: string): void {
    for (const name of [...this.#tools.keys()].filter((name) => !names.has(name))) {
      this.#tools.delete(name);
      this.notes.push(`the tool ${name} was left out: ${why}`);
    }
  }

  #addTool(tool: unknown): void {
    const { name, description, title, ...more } = isRecord(tool) ? tool : {};
    if (typeof name !== 'string' || name.trim() === '') {
      this.notes.push('a tool without a name was left out.');
      return;
    }
    const { schema, leftOut } = objectSchema(
      more['inputSchema'] ?? more['input_schema'] ?? more['parameters'],
    );
    const read = {
      name,
      description: [description, title].find((text) => typeof text === 'string') ?? '',
      parameters: schema,
    };
    const known = this.#tools.get(name);
    if (known) {
      // Some servers list a page twice.
      if (JSON.stringify(known) !== JSON.stringify(read)) {
        this.notes.push(`it has more than one tool named ${name}, and only the first is offered.`);
      }
      return;
    }
    this.#tools.set(name, read);
    if (description != null && typeof description !== 'string') {
      this.notes.push(`the tool ${name} is offered without its description, which is no text.`);
    }
    if (leftOut.length > 0) {
      this.notes.push(
        `the tool ${name} is offered without these words of its schema: ${leftOut.join(', ')}.`,
      );
    }
  }
}

function entriesOf(listed: unknown): readonly unknown[] {
  if (Array.isArray(listed)) return listed;
  // Some servers list tools by name.
  return isRecord(listed)
    ? Object.entries(listed).map(([name, tool]) => ({ name, ...(tool as JsonObject) }))
    : [];
}
