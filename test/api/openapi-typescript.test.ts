import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { expect, onTestFinished, test, vi } from 'vitest';
import { documentOf } from '../support/answer-check.ts';
import { testApp } from '../support/app.ts';
import { send } from '../support/refusals.ts';

// Users make types for their clients from the document: https://openapi-ts.dev.

const api = await testApp();
const { body: published } = await send(api, 'GET', '/openapi.json');

/** A program of a user: what is right compiles, and what is wrong does not. */
const program = `
import type { components, operations } from './loopwright.ts';

type Sent<O extends keyof operations> = operations[O] extends {
  requestBody?: { content: { 'application/json': infer Body } };
} ? Body : never;
type Answered<O extends keyof operations> = operations[O] extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
} ? Body : never;

export const call: Sent<'agents_call'> = {
  path: 'support/triage',
  messages: [
    { role: 'user', content: 'Hello' },
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
  ],
  start_time: '2026-05-01T12:00:00Z',
};
// @ts-expect-error there is no such role
export const strangeRole: Sent<'agents_call'> = { messages: [{ role: 'nobody' }] };
// @ts-expect-error an image is no text
export const strangePart: components['schemas']['TextChatContent'] = { type: 'image_url', text: '' };

export const upsert: Sent<'agents_upsert'> = {
  path: 'support/triage',
  model: 'mock',
  tools: [
    { type: 'inline', json_schema: { name: 'look_up', description: 'Looks it up.' } },
    { type: 'file', link: { file_id: 'tl_1' } },
  ],
};
// @ts-expect-error a model must be named
export const noModel: Sent<'agents_upsert'> = { path: 'support/triage' };
// @ts-expect-error a link names a file
export const noFile: Sent<'agents_upsert'> = { model: 'mock', tools: [{ type: 'file', link: {} }] };

export const targets: Sent<'datasets_upsert'> = {
  datapoints: [{ target: { text: 'a', list: [1, { b: null }], number: 2 } }],
};

export function callsOf(log: Answered<'agents_call'>): string[] {
  return (log.previous_agent_message?.tool_calls ?? []).map((call) => call.function.name);
}
export function settingOf(file: Answered<'files_list'>['records'][number]) {
  switch (file.type) {
    case 'agent': return file.max_iterations;
    case 'tool': return file.source_code;
    case 'evaluator': return file.spec.evaluator_type;
    // @ts-expect-error there is no such kind of file
    case 'model': return null;
    default: return file.path;
  }
}
`;

test('openapi-typescript makes types of every operation, and programs compile with them', async () => {
  const complaints = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  const types = astToString(await openapiTS(structuredClone(published)));
  expect(complaints.flatMap(({ mock }) => mock.calls)).toEqual([]);
  expect(types).not.toContain('any;');

  const ids = documentOf(published).routes.map(({ operation }) => operation.operationId);
  expect(ids.length).toBeGreaterThan(100);
  const all = `\nexport const all: { [id in keyof operations]: true } = ${JSON.stringify(
    Object.fromEntries(ids.map((id) => [id, true])),
  )};\n`;
  expect(faultsOf({ 'loopwright.ts': types, 'program.ts': program + all })).toEqual([]);
});

/** What the compiler has to say of some files. */
function faultsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-typescript-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const compiled = ts.createProgram(
    Object.keys(files).map((name) => join(folder, name)),
    {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      types: [],
    },
  );
  return ts
    .getPreEmitDiagnostics(compiled)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
