import type { FileKind, FileResponse } from '../api/types.ts';
import type { ApiRequest } from '../copy-as/api-request.ts';

/** The request with which code uses a file, and what it does. */
export interface UseOfFile {
  readonly says: string;
  readonly request: (file: FileResponse) => ApiRequest;
}

const message = { messages: [{ role: 'user', content: 'Hello' }] };

/** What code does with each kind. */
const uses: Readonly<Record<FileKind, UseOfFile>> = {
  agent: {
    says: 'Runs the version that is deployed to the default environment.',
    request: (file) => call('agents', { path: file.path, ...message, ...inputsOf(file) }),
  },
  prompt: {
    says: 'Runs the version that is deployed to the default environment.',
    request: (file) => call('prompts', { path: file.path, ...message, ...inputsOf(file) }),
  },
  tool: {
    says: 'Runs its code. Only Python tools can be called.',
    request: (file) => call('tools', { path: file.path, inputs: argumentsOf(file) }),
  },
  evaluator: {
    says: 'Judges a log, and stores nothing unless `save` says so.',
    request: ({ path }) => call('evaluators', { path, log_id: 'log_…' }),
  },
  flow: {
    says: 'Logs what your own code did. Other logs name it as their parent.',
    request: ({ path }) => ({
      method: 'POST',
      path: '/v5/flows/log',
      body: { path, inputs: { question: '…' }, output: '…' },
      python: { method: 'flows.log' },
    }),
  },
  dataset: {
    says: 'Reads its datapoints, page by page.',
    request: ({ id }) => ({
      method: 'GET',
      path: `/v5/datasets/${id}/datapoints`,
      python: { method: 'datasets.list_datapoints', first: [id] },
    }),
  },
};

export function usageOf({ type }: FileResponse): UseOfFile {
  return uses[type];
}

function call(collection: string, body: Readonly<Record<string, unknown>>): ApiRequest {
  return {
    method: 'POST',
    path: `/v5/${collection}/call`,
    body,
    python: { method: `${collection}.call` },
  };
}

function inputsOf({ inputs }: FileResponse): Readonly<Record<string, unknown>> {
  return inputs.length > 0
    ? { inputs: Object.fromEntries(inputs.map(({ name }) => [name, '…'])) }
    : {};
}

function argumentsOf(file: FileResponse): Readonly<Record<string, unknown>> {
  const parameters = file.type === 'tool' ? file.function?.parameters : undefined;
  const properties = (parameters?.['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(properties).map((name) => [name, '…']));
}
