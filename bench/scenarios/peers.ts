import { join } from 'node:path';
import { agentCall, openaiAgent, openaiThreeStepAgent, storeAgent } from '../agents.ts';
import type { ApiClient } from '../api-client.ts';
import type { Bench, Figure } from '../figure.ts';
import { compare, type Side, toSide } from '../peers/compare.ts';
import { dbosDatabase, startDbos } from '../peers/dbos.ts';
import { installPeers } from '../peers/install.ts';
import { startLangGraph } from '../peers/langgraph.ts';
import type { Peer } from '../peers/peer.ts';
import { startPortkey } from '../peers/portkey.ts';
import { startPostgres } from '../postgres.ts';
import { type Server, withFolder, withServer } from '../server.ts';
import { postgresProcesses } from '../usage.ts';
import { withFakeOpenAi } from '../with-fake-openai.ts';

const callers = 32;
const runners = 16;

/** Other platforms, measured at the same time on the same machine with the same fake OpenAI. */
export async function measurePeers({ seconds, profileDir }: Bench): Promise<readonly Figure[]> {
  await installPeers();
  return withFakeOpenAi((openaiUrl) =>
    withServer({ clients: callers, profileDir, openaiUrl }, async (server, client) => {
      await storeAgent(client, openaiAgent);
      await storeAgent(client, openaiThreeStepAgent);
      const calls = ourSide(server, client, openaiAgent);
      const runs = ourSide(server, client, openaiThreeStepAgent);
      return [
        ...(await compareWith('Portkey', await startPortkey(openaiUrl), (theirs) => [
          () => compare([calls, theirs], { what: 'one-turn calls', clients: 1, seconds }),
          () => compare([calls, theirs], { what: 'one-turn calls', clients: callers, seconds }),
        ])),
        ...(await withFolder(async (folder) => {
          const postgres = await startPostgres(join(folder, 'data'), dbosDatabase);
          try {
            return await compareWith('DBOS', await startDbos(openaiUrl, postgres), (theirs) => [
              () => compare([runs, theirs], { what: 'three-step runs', clients: runners, seconds }),
            ]);
          } finally {
            await postgres.stop();
          }
        })),
        ...(await compareWith('LangGraph', await startLangGraph(openaiUrl, callers), (theirs) => [
          () => compare([calls, theirs], { what: 'one-turn calls', clients: callers, seconds }),
        ])),
      ];
    }),
  );
}

function ourSide(server: Server, client: ApiClient, agent: { readonly path: string }): Side {
  return {
    name: 'ours',
    request: agentCall(client, agent),
    processes: async () => [server.pid, ...(await postgresProcesses(server.dataDir))],
  };
}

/** Makes comparisons with a peer one after the other, then stops it. */
async function compareWith(
  name: string,
  peer: Peer,
  comparisons: (theirs: Side) => readonly (() => Promise<readonly Figure[]>)[],
): Promise<Figure[]> {
  const theirs = toSide(name, peer, callers);
  const figures: Figure[] = [];
  try {
    for (const comparison of comparisons(theirs)) figures.push(...(await comparison()));
  } finally {
    await theirs.close();
    await peer.stop();
  }
  return figures;
}
