import { get, post, stream } from '../api.ts';
import { calculator, classifier, supportAgent } from './files.ts';
import { printTrace } from './print-trace.ts';
import type { AgentLog, RunEvent, StoredFile, ToolCall } from './wire.ts';

const question =
  'My three mugs (24.90 dollars each) should have come to Chicago two days ago. ' +
  'Can I have some of my money back?';

// 1. Store the files. Equal content is the same version, so storing a file again changes nothing.
const prompt = await post<StoredFile>('prompts', classifier);
const tool = await post<StoredFile>('tools', calculator);
const agent = await post<StoredFile>('agents', supportAgent(prompt, tool));

// 2. Call the agent, and continue it whenever it waits for our own tool.
console.log(`Customer: ${question}\n`);
/** The ids of the logs of tools that the server ran, by the ids of their calls. */
const logOf = new Map<string, string>();
const messages = [{ role: 'user', content: question }];
// Name the version. Otherwise the deployed version is called, which stays the first one.
let last = await follow(`agents/call?version_id=${agent.version_id}`, { id: agent.id, messages });
while (last.type === 'agent_turn_suspend') {
  const calls = last.payload?.previous_agent_message?.tool_calls ?? [];
  const results = calls.filter((call) => call.function.name === 'approve_refund').map(approve);
  last = await follow('agents/continue', { log_id: last.log_id, messages: results });
}
if (last.type !== 'agent_turn_end') throw new Error(last.payload?.error ?? last.message);

// 3. Read the whole run.
console.log(`\nAgent: ${last.payload?.output}\n`);
printTrace(await get<AgentLog>(`logs/${last.log_id}`), logOf);

/** Sends a request, prints the events of its answer as they arrive, and returns the last one. */
async function follow(path: string, body: object): Promise<RunEvent> {
  let last: RunEvent | undefined;
  for await (const event of stream<RunEvent>(path, body)) {
    const { type, message, payload, log_id: logId } = event;
    const words = type.endsWith('_update') ? payload?.output : message;
    if (type !== last?.type || words === message) process.stdout.write(`\n${type.padEnd(20)} `);
    process.stdout.write(words ?? '');
    if (type === 'tool_start' && payload) logOf.set(payload.id, logId);
    last = event;
  }
  console.log();
  if (!last) throw new Error('The stream ended before its first event.');
  return last;
}

/** The part that only your own code can do. Here, the colleague approves up to 20 dollars. */
function approve({ id, function: { arguments: json } }: ToolCall) {
  const { amount, reason } = JSON.parse(json);
  const decision = amount <= 20 ? `approved, ${amount.toFixed(2)} dollars` : 'refused';
  console.log(`\nThe run is suspended until someone decides about ${amount} dollars. ${reason}`);
  console.log(`Continued with: ${decision}`);
  return { role: 'tool', tool_call_id: id, content: decision };
}
