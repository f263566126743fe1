import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { blocksOf, reasonNotToRun } from '../support/markdown-blocks.ts';
import { runCommands } from '../support/page-commands.ts';
import { testServers } from '../support/server.ts';
import { startLlama } from './llama-server.ts';

const servers = testServers();

test('what docs/local-models.md says of llama.cpp can be followed', async () => {
  const port = await freePort();
  await startLlama(port);
  const server = await servers.start({
    dataDir: await servers.newDataFolder(),
    env: { LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' },
  });
  const page = await readFile(new URL('../../docs/local-models.md', import.meta.url), 'utf8');
  const [, section = ''] = /^## llama\.cpp\n([\s\S]*?)^## /m.exec(page) ?? [];
  const blocks = blocksOf(section.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`))
    .filter((block) => block.language === 'sh' && !block.text.startsWith('llama-server'))
    .map((block) => (reasonNotToRun(block) ? { ...block, note: '' } : block));
  const outputs = await runCommands(blocks, server);
  const called = JSON.parse([...outputs.values()].at(-1) ?? '');
  expect(called.logs).toMatchObject([{ provider: 'my-llama', error: null }]);
  expect(called.logs[0].output.length).toBeGreaterThan(5);
});
