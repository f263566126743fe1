import { join } from 'node:path';
import { openaiAgent, openaiMessages } from '../agents.ts';
import { peersFolder } from './install.ts';
import type { Peer } from './peer.ts';
import { startProgram } from './program.ts';

/** Portkey's gateway, which forwards chat completions and stores nothing. */
export async function startPortkey(openaiUrl: string): Promise<Peer> {
  const main = join(peersFolder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const program = await startProgram((port) => [main, `--port=${port}`, '--headless'], {});
  return {
    ...program,
    path: '/v1/chat/completions',
    headers: {
      authorization: 'Bearer none',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': openaiUrl,
    },
    body: JSON.stringify({ model: openaiAgent.model, messages: openaiMessages() }),
    isWell: (text) => text.includes('"content":"Your balance is'),
  };
}
