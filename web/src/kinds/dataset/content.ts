import type { components } from '../../api/schema.gen.ts';

export type Datapoint = components['schemas']['DatapointResponse'];

/** What a datapoint says, without its id, which follows from it. */
export interface Content {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly target: Readonly<Record<string, unknown>>;
  readonly messages: NonNullable<Datapoint['messages']>;
}

export const emptyContent: Content = { inputs: {}, target: {}, messages: [] };

/** A row of the grid. */
export interface Row {
  /** The id of its datapoint; of a new row a name of its own. */
  readonly key: string;
  readonly content: Content;
  readonly how: 'same' | 'changed' | 'added';
}

export function contentOf({ inputs, target, messages }: Datapoint): Content {
  return { inputs: inputs ?? {}, target: target ?? {}, messages: messages ?? [] };
}

/** As the API takes it: what is empty is left out. */
export function bodyOf({ inputs, target, messages }: Content): Record<string, unknown> {
  return {
    ...(Object.keys(inputs).length > 0 && { inputs }),
    ...(Object.keys(target).length > 0 && { target }),
    ...(messages.length > 0 && { messages }),
  };
}

export function isEmpty(content: Content): boolean {
  return Object.keys(bodyOf(content)).length === 0;
}
