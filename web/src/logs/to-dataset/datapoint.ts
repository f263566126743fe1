import type { ChatMessage, LogResponse } from '../../api/types.ts';

/** A case of a dataset. */
export interface Datapoint {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly messages?: readonly ChatMessage[];
  readonly target?: Readonly<Record<string, unknown>>;
}

/** What a log was given, and what came out as what is expected. */
export function datapointOf(log: LogResponse): Datapoint {
  const messages = givenMessages(log);
  const { inputs, output } = log;
  return {
    ...(inputs && Object.keys(inputs).length > 0 && { inputs }),
    ...(messages.length > 0 && { messages }),
    ...(output !== null && output !== undefined && { target: { output } }),
  };
}

/** The messages that the request brought: those of an agent before its first turn, of others all. */
function givenMessages(log: LogResponse): readonly ChatMessage[] {
  const { messages = [] } = log;
  const { turns = [] } = log as { readonly turns?: readonly unknown[] };
  const said = messages.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []));
  const first = said.at(-turns.length);
  return turns.length === 0 || first === undefined ? messages : messages.slice(0, first);
}
