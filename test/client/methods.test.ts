import { readdirSync, readFileSync } from 'node:fs';
import { HumanloopClient } from 'humanloop';
import { expect, test } from 'vitest';

/** Resources, and methods of the others, that this server does not answer yet. */
const notAnswered = { resources: ['evaluations'], methods: [] as string[] };

const folder = new URL('.', import.meta.url);
const tests = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

/** What the client names its groups of methods: the getters of the class that was made for the API. */
const resources = Object.entries(
  Object.getOwnPropertyDescriptors(Object.getPrototypeOf(HumanloopClient.prototype)),
).flatMap(([name, { get }]) => (get ? [name] : []));

const client = new HumanloopClient({ apiKey: 'none', baseUrl: 'http://localhost' });

function methodsOf(resource: string): readonly string[] {
  const { prototype } = Reflect.get(client, resource).constructor;
  const own = Object.getOwnPropertyNames(prototype);
  return own.filter((name) => name !== 'constructor' && !name.startsWith('_'));
}

test('the tests know all groups of methods that the client has', () => {
  expect(resources.toSorted()).toEqual([
    ...['datasets', 'directories', 'evaluations', 'evaluators', 'files', 'flows', 'logs'],
    ...['prompts', 'tools'],
  ]);
});

test('every method of the client is called by one of them', () => {
  const answered = resources.filter((resource) => !notAnswered.resources.includes(resource));
  const calls = answered.flatMap((resource) =>
    methodsOf(resource).map((method) => `${resource}.${method}`),
  );
  // As many as the client had when this was written: none was overlooked.
  expect(calls.length).toBeGreaterThanOrEqual(81);
  const uncalled = calls.filter((call) => {
    const [resource, method] = call.split('.');
    return !new RegExp(`humanloop\\s*\\.${resource}\\s*\\.${method}\\(`).test(tests);
  });
  expect(uncalled).toEqual(notAnswered.methods);
});
