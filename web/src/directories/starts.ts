import { sendJson } from '../api/client.ts';
import type { FileKind, FileResponse } from '../api/types.ts';
import { usedModelsQuery } from '../editor/form/model-queries.ts';
import { makeFile as makeModelFile } from '../editor/new-file/make-file.ts';
import { startersOf } from '../editor/new-file/starters.ts';
import type { EditedKind } from '../editor/spec/spec.ts';
import { queryClient } from '../query/query-client.ts';

/** With what a new file may begin. */
export interface Start {
  readonly value: string;
  readonly name: string;
  readonly hint?: string;
  /** Whether it is made of a text. */
  readonly isPasted?: boolean;
  readonly make: (path: string, text: string) => Promise<FileResponse>;
}

type Fields = Readonly<Record<string, unknown>>;

const judgment = { arguments_type: 'target_free', return_type: 'boolean' };

/** What each kind may begin with; the first one is proposed. */
export const starts: Readonly<Record<FileKind, readonly Start[]>> = {
  agent: modelStarts('agent'),
  prompt: modelStarts('prompt'),
  tool: [
    start('tool', 'python', 'Python code', 'The server runs it.', {
      tool_type: 'python',
      source_code: 'def add(a, b):\n    return a + b\n',
      function: {
        name: 'add',
        description: 'Adds two numbers.',
        parameters: {
          type: 'object',
          properties: { a: { type: 'number' }, b: { type: 'number' } },
          required: ['a', 'b'],
        },
      },
    }),
    start('tool', 'function', 'A function for models', 'Your own code runs it.', {
      tool_type: 'json_schema',
      function: {
        name: 'new_tool',
        description: 'What it does.',
        parameters: { type: 'object', properties: {} },
      },
    }),
  ],
  flow: [start('flow', 'empty', 'Empty', 'Your own code logs what it does.', { attributes: {} })],
  evaluator: [
    judge('python', 'Python code judges', 'The server runs it on each log.', {
      code: 'def evaluate(log):\n    return bool(log["output"])\n',
    }),
    {
      value: 'llm',
      name: 'A model judges',
      hint: 'The server asks it about each log.',
      make: async (path) => store('evaluator', { path, spec: await modelJudge() }),
    },
    judge('human', 'People judge', 'In a review, or in your own product.', {}),
    judge('external', 'Your own program judges', 'It sends its judgments.', {}),
  ],
  dataset: [
    start('dataset', 'empty', 'Empty', 'Rows are typed, pasted or imported.', { datapoints: [] }),
  ],
};

function start(kind: FileKind, value: string, name: string, hint: string, fields: Fields): Start {
  return { value, name, hint, make: (path) => store(kind, { path, ...fields }) };
}

function judge(type: string, name: string, hint: string, fields: Fields): Start {
  const spec = { evaluator_type: type, ...judgment, ...fields };
  return start('evaluator', type, name, hint, { spec });
}

function modelStarts(kind: EditedKind): readonly Start[] {
  return [
    ...startersOf[kind].map((starter) => ({
      value: starter.key,
      name: starter.name,
      hint: starter.about,
      make: (path: string) => makeModelFile(kind, path, { type: 'starter', starter }),
    })),
    {
      value: 'paste',
      name: `Paste a .${kind} file`,
      isPasted: true,
      make: (path, text) => makeModelFile(kind, path, { type: 'text', text }),
    },
  ];
}

/** A judge with the model that was used last; on a new server with the one that needs no key. */
async function modelJudge(): Promise<Fields> {
  const [last] = await queryClient.fetchQuery(usedModelsQuery).catch(() => []);
  const content = 'Is this answer polite? Answer with True or False.\n\n{{log.output}}';
  return {
    evaluator_type: 'llm',
    ...judgment,
    prompt: {
      ...(last ?? { provider: 'mock', model: 'mock' }),
      template: [{ role: 'user', content }],
    },
  };
}

function store(kind: FileKind, body: Fields): Promise<FileResponse> {
  return sendJson<FileResponse>('POST', `/v5/${kind}s`, body);
}
