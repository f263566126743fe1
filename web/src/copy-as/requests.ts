import type { ApiRequest } from './api-request.ts';

// Requests that more than one page shows. A page that has one of its own makes it beside its form.

/** Reading a log. */
export function readLogRequest(logId: string): ApiRequest {
  return {
    method: 'GET',
    path: `/v5/logs/${encodeURIComponent(logId)}`,
    python: { method: 'logs.get', first: [logId] },
  };
}

/** A file as a call needs it: where it is, and the inputs of its template. */
export interface CallableFile {
  readonly kind: 'agent' | 'prompt' | 'tool' | 'flow' | 'evaluator';
  readonly path: string;
  readonly inputs: readonly string[];
}

/** A request that makes a log of a file: a call, or the report of what a client's own code did. */
export function firstLogRequest({ kind, path, inputs: names }: CallableFile): ApiRequest {
  const inputs =
    names.length > 0 ? { inputs: Object.fromEntries(names.map((name) => [name, '…'])) } : {};
  const said = { messages: [{ role: 'user', content: 'Hello, what can you do?' }] };
  const more = { agent: said, prompt: said, tool: {}, flow: { output: 'Done.' }, evaluator: {} };
  const action = kind === 'flow' ? 'log' : 'call';
  return {
    method: 'POST',
    path: `/v5/${kind}s/${action}`,
    body: { path, ...inputs, ...more[kind] },
    python: { method: `${kind}s.${action}` },
  };
}
