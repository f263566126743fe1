import { agentCall, missingLogs, storeAgent, threeStepAgent } from '../agents.ts';
import type { Bench, Figure } from '../figure.ts';
import { withServer } from '../server.ts';
import { throughput } from '../throughput.ts';

const clients = 16;

/** Runs of three model turns per second; each turn is committed before the next begins. */
export function measureRuns({ seconds, profileDir }: Bench): Promise<readonly Figure[]> {
  return withServer({ clients, profileDir }, async (server, client) => {
    const fileId = await storeAgent(client, threeStepAgent);
    const request = agentCall(client, threeStepAgent);
    const what = 'three-step runs';
    const measured = await throughput(server, { what, clients, seconds, perSecond: 400, request });
    return [...measured.figures, await missingLogs(client, fileId, measured.answered)];
  });
}
