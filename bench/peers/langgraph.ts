import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openaiMessages } from '../agents.ts';
import { peersFolder } from './install.ts';
import type { Peer } from './peer.ts';
import { startProgram } from './program.ts';

const graph = fileURLToPath(new URL('./langgraph-graph.mjs', import.meta.url));

/**
 * LangGraph's development server with a graph of one node that calls the model. It keeps its runs
 * in memory, and writes them to a file from time to time. It gets one worker per client.
 */
export async function startLangGraph(openaiUrl: string, clients: number): Promise<Peer> {
  const folder = join(peersFolder, 'langgraph');
  await mkdir(folder, { recursive: true });
  // Node looks for packages from the folder of a file, so copy the graph into the peers' folder.
  await cp(graph, join(folder, 'graph.mjs'));
  const config = { node_version: '20', graphs: { agent: './graph.mjs:graph' }, env: {} };
  await writeFile(join(folder, 'langgraph.json'), JSON.stringify(config));
  const main = join(peersFolder, 'node_modules/@langchain/langgraph-cli/dist/cli/cli.mjs');
  const options = ['--no-browser', '--host', '127.0.0.1', '--config', folder];
  const program = await startProgram(
    (port) => [main, 'dev', ...options, '--port', `${port}`, '-n', `${clients}`],
    {
      OPENAI_BASE_URL: openaiUrl,
      BROWSER: 'none',
      LANGGRAPH_CLI_NO_ANALYTICS: '1',
      LANGSMITH_TRACING: 'false',
      LOG_LEVEL: 'error',
    },
  );
  return {
    ...program,
    path: '/runs/wait',
    headers: {},
    body: JSON.stringify({ assistant_id: 'agent', input: { messages: openaiMessages() } }),
    isWell: (text) => text.includes('Your balance is'),
  };
}
