import type { Fault } from '../../kernel/errors.ts';

/** Snippets by the name of their tool; null for a tool that is no snippet tool. */
export type Snippets = ReadonlyMap<string, Readonly<Record<string, unknown>> | null>;

/** What a template is rendered with. */
export interface Rendering {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The place of the inputs in the request: `['body', 'inputs']`. */
  readonly inputsLoc: Fault['loc'];
  /** Undefined: references to tools stay as they are. */
  readonly snippets?: Snippets | undefined;
  /** Whose template it is: organizations take turns with those that take long. */
  readonly organizationId?: string | undefined;
}
