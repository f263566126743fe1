import { post } from '../api.ts';

interface File {
  readonly id: string;
}

interface AgentLog {
  readonly id: string;
  readonly output: string | null;
}

/** The answer of an evaluator: its judgment, and the reason as `output`. */
interface Judgment {
  readonly judgment: boolean | null;
  readonly output: string | null;
  readonly error: string | null;
}

const evaluator = 'Example Evaluators/Agents/Tool calls match';

const findOrder = await pythonTool('find_order', 'id', '{"parcel": f"P-{id}"}');
const trackParcel = await pythonTool('track_parcel', 'parcel', 'f"{parcel} is in Lyon"');

// A model that plays a script takes the same way each time; yours may not.
const { id } = await post<File>('agents', {
  path: 'Examples/Trajectories/Agent',
  provider: 'mock',
  model: 'scripted',
  other: {
    script: [
      { tool_calls: [{ name: 'find_order', arguments: { id: '4711' } }] },
      { tool_calls: [{ name: 'track_parcel', arguments: { parcel: 'P-4711' } }] },
      { content: 'Your parcel is in Lyon.' },
    ],
  },
  tools: [findOrder, trackParcel].map((file) => ({
    type: 'file',
    link: { file_id: file.id },
    on_agent_call: 'continue',
  })),
});
const log = await post<AgentLog>('agents/call', {
  id,
  messages: [{ role: 'user', content: 'Where is my order 4711?' }],
});
console.log(`The agent says: ${log.output}\n`);

await judge('the same two calls', {
  tool_calls: [{ name: 'find_order', arguments: { id: '4711' } }, { name: 'track_parcel' }],
});
await judge('the parcel is tracked, whatever else is done', {
  mode: 'superset',
  tool_calls: [{ name: 'track_parcel' }],
});
await judge('another parcel is tracked', {
  mode: 'superset',
  tool_calls: [{ name: 'track_parcel', arguments: { parcel: 'P-1' } }],
});
await judge('nothing but the order is looked up', {
  mode: 'subset',
  tool_calls: [{ name: 'find_order' }],
});

/** Has the evaluator judge the way that the agent took. In a Dataset, `target` is a Datapoint's. */
async function judge(expectation: string, target: object): Promise<void> {
  const { judgment, output, error } = await post<Judgment>('evaluators/call', {
    path: evaluator,
    log_id: log.id,
    testcase: { target },
  });
  console.log(`${judgment ? 'yes' : 'no '}  ${expectation}`);
  for (const line of (error ?? output ?? '').split('\n').filter(Boolean)) {
    console.log(`     ${line}`);
  }
}

/** @param expression in Python, what the tool answers. */
function pythonTool(name: string, argument: string, expression: string): Promise<File> {
  return post<File>('tools', {
    path: `Examples/Trajectories/${name}`,
    tool_type: 'python',
    source_code: `def ${name}(${argument}):\n    return ${expression}\n`,
    function: {
      name,
      description: `Looks up by ${argument}.`,
      parameters: {
        type: 'object',
        properties: { [argument]: { type: 'string' } },
        required: [argument],
      },
    },
  });
}
