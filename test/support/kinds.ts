import type { FileType } from '../../src/contract/kinds/index.ts';
import { fileKinds } from '../../src/files/kinds/index.ts';
import type { Answer, TestApp } from './app.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A kind of file, as its users know it. */
export interface KindOfFile {
  readonly type: FileType;
  readonly collection: string;
  /** What its ids and those of its versions begin with. */
  readonly idPrefix: string;
  readonly versionIdPrefix: string;
  /** Whether runs of it are logged. */
  readonly hasLogs: boolean;
  /** The fields of an upsert that define a version: another version for each number. */
  readonly definition: (n: number) => Fields;
  /** Those fields as answers show them. */
  readonly shown: (n: number) => Fields;
}

const parameters = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

const definitions: Readonly<Record<FileType, (n: number) => Fields>> = {
  agent: (n) => ({ model: `model ${n}`, template: 'Say {{what}}', attributes: { n, of: 'it' } }),
  prompt: (n) => ({ model: `model ${n}`, template: 'Say {{what}}', attributes: { n, of: 'it' } }),
  tool: (n) => ({
    function: { name: 'look_up', description: `Number ${n}`, parameters },
    attributes: { n, of: 'it' },
  }),
  flow: (n) => ({ attributes: { n, of: 'it' } }),
  evaluator: (n) => ({
    spec: {
      evaluator_type: 'human',
      arguments_type: 'target_free',
      return_type: 'boolean',
      instructions: 'Is it good?',
      attributes: { n, of: 'it' },
    },
  }),
  dataset: (n) => ({
    datapoints: [{ inputs: { n, of: 'it' } }, { inputs: { of: 'them' } }],
    attributes: { n, of: 'it' },
  }),
};

/** Every kind of file. */
export const kinds: readonly KindOfFile[] = fileKinds.map((kind) => {
  const { type, collection, idPrefix, versionIdPrefix } = kind;
  const definition = definitions[type];
  return {
    type,
    collection,
    idPrefix,
    versionIdPrefix,
    hasLogs: 'log' in kind,
    definition,
    shown(n) {
      const { datapoints, ...shown } = definition(n);
      return Array.isArray(datapoints) ? { ...shown, datapoints_count: datapoints.length } : shown;
    },
  };
});

/** Upserts a file of a kind at a path, with a version that no other file has; what it answers. */
export async function upserted(
  api: Pick<TestApp, 'post'>,
  { collection, definition }: KindOfFile,
  fields: Fields,
  n = 1,
): Promise<Answer['body']> {
  const answer = await api.post(`/${collection}`, { ...fields, ...definition(n) });
  if (answer.statusCode !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

/** Upserts several versions of a file; what each upsert answers, in their order. The first is deployed. */
export async function versionsAt(
  api: Pick<TestApp, 'post'>,
  kind: KindOfFile,
  path: string,
  count: number,
): Promise<[Answer['body'], ...Answer['body'][]]> {
  const versions = [await upserted(api, kind, { path }, 1)] as [Answer['body']];
  for (let n = 2; n <= count; n++) versions.push(await upserted(api, kind, { path }, n));
  return versions;
}
