import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPriceFile } from '../src/pricing/price-file.ts';
import { type Block, blocksOf, reasonNotToRun } from './support/markdown-blocks.ts';
import { runCommands } from './support/page-commands.ts';
import { testServers } from './support/server.ts';

const root = new URL('../', import.meta.url);
const names = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'SECURITY.md',
  ...(await readdir(new URL('docs/', root)))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const texts = new Map(
  await Promise.all(
    // What it shows is compared by the tests of the examples.
    [...names, 'examples/README.md'].map(
      async (name) => [name, await readFile(new URL(name, root), 'utf8')] as const,
    ),
  ),
);
const pages = names.map((name) => ({ name, blocks: blocksOf(texts.get(name) ?? '') }));

const servers = testServers();
const dataDir = await servers.newDataFolder();
// Pages name model servers of their reader's own machine.
const env = { LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' };
const server = await servers.start({ dataDir, env });

describe.concurrent('a page that is followed from its top on a fresh server', {
  timeout: 120_000,
}, () => {
  test.for(pages)('shows what comes: $name', async ({ blocks }, { expect }) => {
    const outputs = await runCommands(blocks, server);
    let last = '';
    for (const block of blocks) {
      if (!block.note.split(' ').includes('output')) last = outputs.get(block) ?? last;
      else if (block.language === 'json') {
        expect(JSON.parse(last)).toMatchObject(unabridged(block.text));
      } else expect(last.trimEnd()).toMatch(pattern(block.text.trimEnd()));
    }
  });

  test.for(pages)('has no block that cannot be read: $name', async ({ blocks }, { expect }) => {
    for (const block of blocks) {
      const { language, text } = block;
      expect.soft(Object.keys(checks), text).toContain(language);
      await checks[language]?.(block);
    }
  });
});

test('few blocks are not run, and each says why', () => {
  const reasons = pages.flatMap(({ name, blocks }) =>
    blocks.flatMap((block) => reasonNotToRun(block)?.replace(/^/, `${name}: `) ?? []),
  );
  expect(reasons).toEqual([
    'README.md: the repository is here, and the server runs',
    'README.md: the key is yours',
    'README.md: examples/README.md shows what it prints, and test/examples.test.ts runs it',
    'CONTRIBUTING.md: these are the tests, and take minutes',
    'CONTRIBUTING.md: these take minutes to hours',
    'docs/local-models.md: the server has to be started anew',
    'docs/local-models.md: the model is yours',
    'docs/local-models.md: test/real-model follows it with a real model',
    'docs/local-models.md: the model is yours',
    'docs/local-models.md: the model is yours',
    'docs/local-models.md: the model is yours',
    'docs/local-models.md: the model is yours',
    'docs/performance.md: it takes minutes, and asserts nothing',
    'docs/reliability.md: it takes from minutes to an hour',
    'docs/remote-tools.md: the server has to be started anew',
    'docs/security.md: psql is not part of the packages; the program below asks the same',
  ]);
});

test('links lead to pages and headings that are there', () => {
  const dead = found(/\]\((?!https?:)([^)\s]+)\)/g).filter(
    ({ name, what }) => !isThere(new URL(what, new URL(name, root))),
  );
  expect(dead).toEqual([]);
});

test('npm scripts that pages name are there', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  const named = found(/npm (?:run ([\w:-]+)|(start|test)\b)/g);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(({ what }) => !Object.hasOwn(scripts, what))).toEqual([]);
});

test('routes that pages name are those of the server', async () => {
  const { body } = await server.get('/openapi.json');
  const routes = Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const named = found(/\b((?:GET|POST|PATCH|DELETE|PUT)\s+\/v5\/[^\s`?"')]+)/g);
  expect(named.length).toBeGreaterThan(0);
  // Pages say of these that they are not there.
  const known = [...routes, 'PATCH /v5/flows/log/{id}'];
  const unknown = named.filter(
    ({ what }) => !known.some((route) => isRoute(route, what.replace(/\s+/, ' '))),
  );
  expect(unknown).toEqual([]);
});

test('settings that pages name are in .env.example', async () => {
  // These are known to every program that colours what it prints.
  const settings = `${await readFile(new URL('.env.example', root), 'utf8')}#NO_COLOR= #FORCE_COLOR=`;
  const named = found(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/g);
  expect(named.length).toBeGreaterThan(0);
  const unknown = named.filter(
    ({ name, what }) => name !== 'examples/README.md' && !settings.includes(`#${what}=`),
  );
  expect(unknown).toEqual([]);
});

/** What the first group of a pattern that finds something finds, in all pages. */
function found(expression: RegExp) {
  return [...texts].flatMap(([name, text]) =>
    [...text.matchAll(expression)].map(([, ...groups]) => ({
      name,
      what: groups.find((group) => group !== undefined) ?? '',
    })),
  );
}

/** What has to hold of a block beside what its command prints, by its language. */
const checks: Readonly<Record<string, (block: Block) => unknown>> = {
  sh: () => undefined,
  ts: () => undefined,
  text: () => undefined,
  mermaid: ({ text }) => expect(text).toMatch(/^sequenceDiagram\n/),
  json: async ({ note, text }) => {
    if (note.includes('output')) return;
    expect(() => JSON.parse(text)).not.toThrow();
    if (note !== 'prices') return;
    const path = join(dataDir, 'prices.json');
    await writeFile(path, text);
    await readPriceFile(path);
  },
  python: async ({ text }) => {
    const { body } = await server.post('/v5/tools/call', {
      path: 'Checks/Python',
      tool: { source_code: 'import ast\ndef check(source):\n    ast.parse(source)\n' },
      inputs: { source: text },
    });
    expect(body.error).toBe(null);
  },
  agent: ({ text }) => expectReadable('agent', text),
  prompt: ({ text }) => expectReadable('prompt', text),
};

/** Its links lead to files that the commands of the page make, so it is asked until they are there. */
async function expectReadable(kind: 'agent' | 'prompt', text: string): Promise<void> {
  const read = () => server.post(`/v5/${kind}s/deserialize`, { [kind]: text });
  await expect.poll(async () => (await read()).body).toMatchObject({ model: expect.any(String) });
}

/** Whether a link leads to a file that is there, and within a page to a heading. */
function isThere(link: URL): boolean {
  const { hash } = link;
  link.hash = '';
  if (!existsSync(link)) return false;
  const name = link.href.slice(root.href.length);
  return hash === '' || anchorsOf(texts.get(name) ?? '').includes(hash.slice(1));
}

/** The anchors of a page's headings, as forges make them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/**
 * Whether a page names a route of the API by this name. An id may stand where the route has `{id}`. In
 * place of a kind of file may stand several, `{agents,prompts}`, or all, `{collection}` or `{kind}s`.
 */
function isRoute(known: string, named: string): boolean {
  const segments = known.split('/');
  return (
    named.split('/').length === segments.length &&
    named.split('/').every((segment, index) => {
      const expected = segments[index] ?? '';
      if (segment === expected || expected.startsWith('{')) return true;
      const kinds = /^\{(.+)\}s?$/.exec(segment)?.[1];
      return kinds === 'kind' || kinds === 'collection' || kinds?.split(',').includes(expected);
    })
  );
}

/** JSON in which `…` stands for more keys, or within a text for more of it, as something to match. */
function unabridged(text: string): object {
  const json = text.replaceAll(/("(?:[^"\\]|\\.)*")|,?\s*…/g, (_, literal) => literal ?? '');
  return JSON.parse(json, (_, value) =>
    typeof value === 'string' && value.includes('…')
      ? expect.stringMatching(pattern(value))
      : value,
  );
}

/** A text in which `…` stands for anything. */
function pattern(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.|\\n)*?')}$`);
}
