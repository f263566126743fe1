import { expect, test } from 'vitest';
import { createApiKey } from '../../src/accounts/keys/operator-keys.ts';
import type { StreamEvent } from '../../src/contract/stream-event.ts';
import { promptKind } from '../../src/files/kinds/prompt.ts';
import { upsertVersion } from '../../src/files/upsert-version.ts';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { agentTools, files, logs, membersMatching, streamPayloads } from './sdk-unions.ts';
import { agentsClient, likeNode, likePython } from './thin-client.ts';
import { ApiError } from './thin-http.ts';

const api = await testApp();
const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
const client = agentsClient(`${url}/v5`, await createApiKey(api.database, 'client'));

/** Texts on which careless parsers of streams break. */
const awkward = 'data: [DONE] is no end. Grüße, 世界 👋\u2028data:\u0085\n\ndata: {"so": "what"}';

/** Looks something up by way of the client, then says something awkward. */
const talker = scripted([
  { reasoning: awkward, content: awkward, tool_calls: [callOf('lookup', { key: awkward })] },
  { content: awkward },
]);

test.each([
  ['Node', likeNode],
  ['Python', likePython],
])(
  'the stream parser of the %s client reads every word, whatever the words are',
  async (_, read) => {
    const called = await collected(
      client.callStream({ path: 'client/talker', agent: talker, messages: hello }, read),
    );
    expect(called.map(({ type }) => type).filter((type) => type !== 'agent_update')).toEqual([
      ...['agent_turn_start', 'agent_start', 'agent_end', 'agent_turn_suspend'],
    ]);
    expect(wordsOf(called)).toBe(awkward);
    const suspended = called.at(-1);
    expect(suspended?.payload).toMatchObject({
      previous_agent_message: {
        content: awkward,
        tool_calls: [{ function: { arguments: JSON.stringify({ key: awkward }) } }],
        thinking: [{ thinking: awkward }],
      },
    });

    const continued = await collected(
      client.continueStream(
        { log_id: suspended?.log_id, messages: [answerTo('call_1_1', awkward)] },
        read,
      ),
    );
    expect(continued.map(({ type }) => type).filter((type) => type !== 'agent_update')).toEqual([
      ...['agent_turn_continue', 'agent_start', 'agent_end', 'agent_turn_end'],
    ]);
    expect(wordsOf(continued)).toBe(awkward);
    expect(continued.at(-1)?.payload).toMatchObject({ output: awkward });
  },
);

test('each payload of a stream parses as exactly one member of the clients’ union', async () => {
  const { events } = await fullRun();
  const parsed = new Map<string, Set<string>>();
  for (const { type, payload } of events) {
    const members =
      payload === null ? 'null' : membersMatching(streamPayloads, payload).join(' and ');
    parsed.set(type, (parsed.get(type) ?? new Set()).add(members));
  }
  const sorted = [...parsed].map(([type, members]) => [type, [...members].sort()]);
  expect(Object.fromEntries(sorted)).toEqual({
    agent_turn_start: ['null'],
    agent_turn_continue: ['null'],
    agent_start: ['null'],
    agent_update: ['agentLogStream'],
    agent_end: ['agentLogStream'],
    tool_start: ['toolCall'],
    tool_update: ['agentLogStream', 'promptCallStream'],
    tool_end: ['agentLog', 'promptLog'],
    agent_turn_suspend: ['agentLog'],
    agent_turn_end: ['agentLog'],
  });
});

test('so does the log of a run that failed', async () => {
  const broken = scripted([{ error: { status: 400, message: 'Nope.' } }]);
  const events = await collected(
    client.callStream({ path: 'client/broken', agent: broken, messages: hello }, likeNode),
  );
  const { type, payload } = events.at(-1) ?? {};
  expect(type).toBe('agent_turn_error');
  expect(membersMatching(streamPayloads, payload)).toEqual(['agentLog']);
});

test('so do logs, wherever they stand, agents, and the tools of agents', async () => {
  const { logId } = await fullRun();
  const { body: log } = await api.get(`/logs/${logId}`);
  expect(membersMatching(logs, log)).toEqual(['agentLog']);
  // The check is a strict one: with one date that is none, deep inside, it matches nothing.
  const spoilt = { ...log, agent: { ...log.agent, last_used_at: 'lately' } };
  expect(membersMatching(logs, spoilt)).toEqual([]);
  expect(log.trace_children.map((child: unknown) => membersMatching(logs, child))).toEqual([
    ['promptLog'],
    ['agentLog'],
  ]);
  const { body: list } = await api.get(`/logs?file_id=${log.agent.id}&include_trace_children=true`);
  for (const record of list.records) expect(membersMatching(logs, record)).toEqual(['agentLog']);

  const { body: agent } = await api.get(`/agents/${log.agent.id}`);
  expect(membersMatching(files, agent)).toEqual(['agent']);
  expect(membersMatching(files, log.agent)).toEqual(['agent']);
  expect(agent.tools.map((tool: unknown) => membersMatching(agentTools, tool))).toEqual([
    ['linkedFileTool'],
    ['linkedFileTool'],
    ['inlineTool'],
    ['inlineTool'],
  ]);
  const linked = agent.tools.slice(0, 2).map(({ file }: { file: unknown }) => file);
  expect(linked.map((file: unknown) => membersMatching(files, file))).toEqual([
    ['prompt'],
    ['agent'],
  ]);
  const { body: all } = await api.get('/agents?size=100');
  for (const record of all.records) expect(membersMatching(files, record)).toEqual(['agent']);
});

test('an error is a status with a JSON body, and a stream that cannot begin is one too', async () => {
  const request = { path: 'client/nobody', messages: hello };
  for (const asked of [
    () => client.call(request),
    () => collected(client.callStream(request, likePython)),
  ]) {
    const error = await asked().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 404, body: { detail: expect.any(String) } });
  }
});

/** Runs an agent that has tools of every sort, and suspends once; its events, call and continue. */
async function fullRun(): Promise<{ readonly logId: string; readonly events: StreamEvent[] }> {
  const { id: promptId } = await upsertVersion(api.workspace, promptKind, {
    path: 'client/Ask Prompt',
    spec: scripted([{ content: 'A prompt.' }], { tools: null, template: '{{question}}' }),
  });
  const { body: helper } = await api.post('/agents', {
    path: 'client/Ask Agent',
    ...scripted([{ content: 'An agent.' }], { tools: [], template: [] }),
  });
  const asking = [callOf('ask_prompt', { question: '?' }), callOf('ask_agent', {})];
  const agent = scripted(
    [
      { content: 'Let me ask.', tool_calls: asking },
      { tool_calls: [callOf('lookup')] },
      { content: 'Done.' },
    ],
    {
      tools: [
        { type: 'file', link: { file_id: promptId } },
        { type: 'file', link: { file_id: helper.id }, on_agent_call: 'continue' },
        lookup,
        stop,
      ],
      reasoning_effort: 'low',
    },
  );
  const called = await collected(
    client.callStream({ path: 'client/Full', agent, messages: hello }, likePython),
  );
  const logId = called.at(-1)?.log_id ?? '';
  const answer = { log_id: logId, messages: [answerTo('call_2_1', '42')] };
  const continued = await collected(client.continueStream(answer, likePython));
  return { logId, events: [...called, ...continued] };
}

async function collected(events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  return Array.fromAsync(events);
}

function wordsOf(events: readonly StreamEvent[]): string {
  return events
    .filter(({ type }) => type === 'agent_update')
    .map(({ payload }) => (payload as { output: string }).output)
    .join('');
}
