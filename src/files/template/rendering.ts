import type { Fault } from '../../kernel/errors.ts';

/** The snippets of tools, by the names of the tools; null is a tool of another type. */
export type Snippets = ReadonlyMap<string, Readonly<Record<string, unknown>> | null>;

/** What a template is rendered with. */
export interface Rendering {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Where the request has the inputs: `['body', 'inputs']`. */
  readonly inputsLoc: Fault['loc'];
  /** Undefined: references to tools stay as they are. */
  readonly snippets: Snippets | undefined;
}
