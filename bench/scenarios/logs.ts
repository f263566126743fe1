import { missingLogs, oneTurnAgent, question, storeAgent } from '../agents.ts';
import type { Bench, Figure } from '../figure.ts';
import { withServer } from '../server.ts';
import { throughput } from '../throughput.ts';

const clients = 32;

const body = JSON.stringify({
  path: oneTurnAgent.path,
  ...question,
  output: 'Your balance is 1250.75 GBP.',
  output_message: { role: 'assistant', content: 'Your balance is 1250.75 GBP.' },
  prompt_tokens: 48,
  output_tokens: 9,
  finish_reason: 'stop',
  metadata: { channel: 'web' },
});

/** Logs of runs made elsewhere, one per request, per second. */
export function measureLogs({ seconds, profileDir }: Bench): Promise<readonly Figure[]> {
  return withServer({ clients, profileDir }, async (server, client) => {
    const fileId = await storeAgent(client, oneTurnAgent);
    const request = async () => void (await client.post('/v5/agents/log', body));
    const what = 'logs';
    const measured = await throughput(server, {
      what,
      clients,
      seconds,
      perSecond: 3_000,
      request,
    });
    return [...measured.figures, await missingLogs(client, fileId, measured.answered)];
  });
}
