import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { testServers } from './server.ts';
import { blocksOf, missingPart } from './shown.ts';

const root = new URL('../', import.meta.url);
const readme = await readFile(new URL('README.md', root), 'utf8');
const blocks = blocksOf(readme);

const servers = testServers();
const dataDir = await servers.newFolder();
const server = await servers.start({ dataDir });

test('each command of the README does what the README shows', async () => {
  const commands = blocks.flatMap(({ language, text }, index) =>
    language === 'sh' && text.startsWith('curl ') ? [{ text, shown: blocks[index + 1] }] : [],
  );
  expect(commands.length).toBeGreaterThan(0);
  for (const { text, shown } of commands) {
    expect(text).toContain('http://127.0.0.1:5005/');
    const command = text.replace('http://127.0.0.1:5005', server.url);
    const { stdout } = await promisify(execFile)('bash', ['-c', command], {
      env: { KEY: server.key },
    });
    if (shown?.language === 'json')
      expect(JSON.parse(stdout)).toMatchObject(unabridged(shown.text));
    else expect(stdout.trimEnd()).toMatch(pattern(shown?.text.trimEnd() ?? '', '(.|\n)*?'));
  }
});

test('the run of the README is a tree as the README shows it', async () => {
  const index = blocks.findIndex(({ text }) => text.startsWith('npm run log '));
  const [, , command = '', id = ''] = blocks[index]?.text.trim().split(' ') ?? [];
  const { stdout } = await servers.run(command, { dataDir, args: [id] });
  expect(missingPart(blocks[index + 1]?.text ?? '', stdout)).toBe(undefined);
});

test('each npm script that the README names is there', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  const named = [...readme.matchAll(/npm (start|test|run ([\w-]+))/g)].map(
    ([, short = '', script]) => script ?? short,
  );
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});

test('each file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);
  expect(links.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

/** JSON in which `…` stands for more keys, or within a text for more of it, as something to match. */
function unabridged(text: string): object {
  const json = text.replaceAll(/("(?:[^"\\]|\\.)*")|,?\s*…/g, (_, literal) => literal ?? '');
  return JSON.parse(json, (_, value) =>
    typeof value === 'string' && value.includes('…')
      ? expect.stringMatching(pattern(value, '.*'))
      : value,
  );
}

/** @param gap what a `…` stands for. */
function pattern(text: string, gap: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join(gap)}$`);
}
