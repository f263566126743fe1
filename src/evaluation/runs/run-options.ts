import type { ClientTools } from '../../logs/log-record.ts';
import type { EvaluationRunRow } from './lock-queries.ts';

/** What the request for a Run asked for, as far as its calls are concerned. */
interface CallOptions {
  readonly concurrency?: number | null;
  readonly client_tools?: 'stop' | 'suspend' | ClientTools | null;
}

const standardConcurrency = 8;

/** The most calls of a Run at once, on all servers together. */
export function concurrencyOf({ options }: Pick<EvaluationRunRow, 'options'>): number {
  return (options as CallOptions).concurrency ?? standardConcurrency;
}

/** How the client's tools are answered in the calls of a Run; undefined: the calls wait for a client. */
export function clientToolsOf({
  options,
}: Pick<EvaluationRunRow, 'options'>): ClientTools | undefined {
  const { client_tools: tools } = options as CallOptions;
  if (tools === 'suspend') return undefined;
  return typeof tools === 'object' && tools !== null ? tools : {};
}
