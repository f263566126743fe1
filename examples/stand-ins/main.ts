import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startFakeOpenAi } from './fake-openai.ts';

// In place of OpenAI and of somebody's server of tools, so that the examples need no key: a model that
// knows its part by heart, and the example server of the Model Context Protocol, from npm.

const modelPort = Number(process.env['MODEL_PORT'] || 5006);
const toolsPort = Number(process.env['TOOLS_PORT'] || 5007);

await startFakeOpenAi(modelPort);
const program = import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js');
const tools = spawn(process.execPath, [fileURLToPath(program), 'streamableHttp'], {
  env: { PORT: String(toolsPort) },
  stdio: ['ignore', 'ignore', 'pipe'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    tools.kill();
    process.exit();
  });
}
tools.stderr.pipe(process.stderr);
await once(tools.stderr, 'data');

console.log(`A model that speaks as OpenAI does: http://127.0.0.1:${modelPort}/v1`);
console.log(`A server of tools: http://127.0.0.1:${toolsPort}/mcp`);
