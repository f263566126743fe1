import { fileURLToPath } from 'node:url';
import { openaiMessages } from '../agents.ts';
import type { BenchPostgres } from '../postgres.ts';
import { postgresProcesses } from '../usage.ts';
import type { Peer } from './peer.ts';
import { startProgram } from './program.ts';

const main = fileURLToPath(new URL('./dbos-program.ts', import.meta.url));

/** The name of the database with the workflows. */
export const dbosDatabase = 'dbos';

/** DBOS: a durable workflow of three steps, each a model call, on a Postgres like ours. */
export async function startDbos(openaiUrl: string, postgres: BenchPostgres): Promise<Peer> {
  const program = await startProgram((port) => [main, `${port}`], {
    OPENAI_BASE_URL: openaiUrl,
    CONNECTION: JSON.stringify(postgres.connection(dbosDatabase)),
  });
  return {
    ...program,
    processes: async () => [
      ...(await program.processes()),
      ...(await postgresProcesses(postgres.dataDir)),
    ],
    path: '/run',
    headers: {},
    body: JSON.stringify({ messages: openaiMessages() }),
    isWell: (text) => text.includes('Your balance is'),
  };
}
