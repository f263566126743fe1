import { agentCall, missingLogs, oneTurnAgent, storeAgent } from '../agents.ts';
import type { Bench, Figure } from '../figure.ts';
import { withServer } from '../server.ts';
import { throughput } from '../throughput.ts';

const clients = 32;

/** Calls with one model turn, each saved, per second. */
export function measureCalls({ seconds, profileDir }: Bench): Promise<readonly Figure[]> {
  return withServer({ clients, profileDir }, async (server, client) => {
    const fileId = await storeAgent(client, oneTurnAgent);
    const request = agentCall(client, oneTurnAgent);
    const what = 'one-turn calls';
    const measured = await throughput(server, { what, clients, seconds, perSecond: 800, request });
    return [...measured.figures, await missingLogs(client, fileId, measured.answered)];
  });
}
