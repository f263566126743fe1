import { describe, expect, test } from 'vitest';
import { answerTo, callOf, hello, lookup, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { environmentIds, fileOfKind } from '../../support/files.ts';

const api = await testApp();

type Script = Parameters<typeof scripted>[0];

const saying = (content: string, more: object = {}) => ({
  provider: 'mock',
  model: 'mock',
  template: [{ role: 'user', content: '{{question}}' }],
  other: { script: [{ content }] },
  ...more,
});

const linkTo = (file_id: string, link: object = {}, more: object = {}) => ({
  type: 'file',
  link: { file_id, ...link },
  ...more,
});

/** An agent at a path whose model says these steps. */
async function agentAt(path: string, script: Script, more: object = {}): Promise<Answer['body']> {
  return (await api.post('/agents', { path, ...scripted(script, { ...more }) })).body;
}

/** Calls an agent with these tools that calls one of them, and then is done. */
async function calling(
  tools: object[],
  ...calls: ReturnType<typeof callOf>[]
): Promise<Answer['body']> {
  const { statusCode, body } = await api.post('/agents/call', {
    path: 'caller',
    agent: scripted([{ tool_calls: calls }, { content: 'Done.' }], { tools }),
    messages: hello,
    include_trace_children: true,
  });
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body;
}

const resultOf = (log: Answer['body']) => log.messages.at(-1).content;

describe('a link', () => {
  test('B3: to a prompt is run by the server, with the arguments as inputs', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'run/classify', saying('a refund'));
    const log = await calling([linkTo(id)], callOf('classify', { question: 'Money back?' }));
    expect(log).toMatchObject({ log_status: 'complete', output: 'Done.' });
    expect(log.trace_children).toMatchObject([
      { prompt: { id }, inputs: { question: 'Money back?' }, output: 'a refund' },
    ]);
  });

  test('B3: to an agent is run by the server', async () => {
    const { id } = await agentAt('run/Inner', [{ content: 'From within.' }]);
    const log = await calling([linkTo(id)], callOf('inner', { message: 'Go on.' }));
    expect(log.trace_children).toMatchObject([{ agent: { id }, output: 'From within.' }]);
  });

  const schema = { name: 'find_it', description: 'Finds it.', parameters: { type: 'object' } };

  test.each([
    ['a tool that is a schema alone', 'tool', { function: schema }, 'find_it'],
    ['a flow', 'flow', { attributes: { a: 1 } }, 'flow'],
    ['an evaluator', 'evaluator', undefined, 'evaluator'],
  ] as const)('B3: to %s is not: a call of it suspends the run', async (_, type, spec, name) => {
    const { id } = await fileOfKind(api, type, `suspending/${type}`, spec);
    const log = await calling([linkTo(id)], callOf(name, { message: 'x' }));
    expect(log).toMatchObject({
      log_status: 'incomplete',
      previous_agent_message: { tool_calls: [{ function: { name } }] },
    });
  });
});

describe('the version that a link means', () => {
  test('B3: is the one of `version_id`, when it has one', async () => {
    await fileOfKind(api, 'prompt', 'pins/pinned', saying('old'));
    const { id, versionId } = await fileOfKind(api, 'prompt', 'pins/pinned', saying('new'));
    const log = await calling(
      [linkTo(id, { version_id: versionId })],
      callOf('pinned', { question: 'x' }),
    );
    expect(resultOf(log)).toBe('new');
  });

  test('B3: is the one deployed to `environment_id`, and follows it', async () => {
    const old = await agentAt('follows/Staged', [{ content: 'old' }]);
    const newer = await agentAt('follows/Staged', [{ content: 'new' }]);
    const { staging } = await environmentIds(api, old.id);
    const outputs = [];
    for (const { version_id } of [old, newer]) {
      await api.post(`/agents/${old.id}/environments/${staging}?version_id=${version_id}`);
      const tools = [linkTo(old.id, { environment_id: staging })];
      outputs.push(resultOf(await calling(tools, callOf('staged', { message: 'x' }))));
    }
    expect(outputs).toEqual(['old', 'new']);
  });

  test('may name the environment, and is then the same version as with its id', async () => {
    const linked = await agentAt('named/Linked', [{ content: 'staged' }]);
    const { staging } = await environmentIds(api, linked.id);
    await api.post(`/agents/${linked.id}/environments/${staging}?version_id=${linked.version_id}`);
    const upserted = (environment: string) =>
      api.post('/agents', {
        path: 'named/Caller',
        model: 'mock',
        tools: [linkTo(linked.id, { environment_id: environment })],
      });
    const [byId, byName] = [await upserted(staging), await upserted('staging')];
    expect(byName.body.version_id).toBe(byId.body.version_id);
    expect(byName.body.tools[0].link.environment_id).toBe(staging);
    const tools = [linkTo(linked.id, { environment_id: 'staging' })];
    expect(resultOf(await calling(tools, callOf('linked', { message: 'x' })))).toBe('staged');
  });

  test('B3: is the one deployed by default, when it says neither', async () => {
    const { id } = await agentAt('defaults/Plain', [{ content: 'old' }]);
    await agentAt('defaults/Plain', [{ content: 'new' }]);
    expect(resultOf(await calling([linkTo(id)], callOf('plain', { message: 'x' })))).toBe('old');
  });
});

describe('the schema that a model sees of a link', () => {
  /** The function that an agent with a link to this prompt offers its model. */
  async function schemaOf(path: string, more: object = {}) {
    const { id } = await fileOfKind(api, 'prompt', path, saying('x', more));
    return (await offered([linkTo(id)]))[0];
  }

  async function offered(tools: object[]) {
    const agent = scripted([{ content: 'Done.' }], { tools });
    const { body } = await api.post('/agents/call', { path: 'offering', agent, messages: hello });
    const functions: { name: string; description: string; parameters: object }[] =
      body.provider_request.tools.map((tool: { function: object }) => tool.function);
    return functions;
  }

  test.each([
    ['Classify It', 'classify_it'],
    ['A -- (very) odd: name!', 'a_very_odd_name_'],
    ['x'.repeat(80), 'x'.repeat(64)],
  ])('B3: is named after the file %s', async (fileName, name) => {
    expect((await schemaOf(`names/${fileName}`))?.name).toBe(name);
  });

  test('B3: has a number at the end of its name where two would clash', async () => {
    const ids = await Promise.all(
      ['a', 'b', 'c'].map(
        async (folder) => (await fileOfKind(api, 'prompt', `clash/${folder}/Twin`, saying('x'))).id,
      ),
    );
    const names = (await offered(ids.map((id) => linkTo(id)))).map(({ name }) => name);
    expect(names).toEqual(['twin', 'twin_2', 'twin_3']);
  });

  test('B3: clashes with no inline tool that stands before it', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'clash/lookup', saying('x'));
    const names = (await offered([lookup, linkTo(id)])).map(({ name }) => name);
    expect(names).toEqual(['lookup', 'lookup_2']);
  });

  test('B3: clashes with no inline tool that stands after it', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'clash/lookup', saying('x'));
    const names = (await offered([linkTo(id), lookup])).map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    expect(names).toContain('lookup');
  });

  test('B3: has a number within the 64 characters of its name', async () => {
    const name = 'y'.repeat(80);
    const ids = await Promise.all(
      ['a', 'b'].map(
        async (folder) =>
          (await fileOfKind(api, 'prompt', `long/${folder}/${name}`, saying('x'))).id,
      ),
    );
    const names = (await offered(ids.map((id) => linkTo(id)))).map((tool) => tool.name);
    expect(names).toEqual(['y'.repeat(64), `${'y'.repeat(62)}_2`]);
  });

  test('B3: is described as the file is', async () => {
    const { body } = await api.post('/agents', {
      path: 'described/Helper',
      model: 'm',
      description: 'Helps with anything.',
    });
    expect((await offered([linkTo(body.id)]))[0]?.description).toBe('Helps with anything.');
  });

  test('B3: is described by its name when the file is not described', async () => {
    expect((await schemaOf('undescribed/Some Prompt'))?.description).toBe('Run Some Prompt');
  });

  test('B3: has a text for each input of the template, all required, and nothing else', async () => {
    const template = [{ role: 'user', content: '{{first}} and {{second}}' }];
    expect((await schemaOf('inputs/two', { template }))?.parameters).toEqual({
      type: 'object',
      properties: { first: { type: 'string' }, second: { type: 'string' } },
      required: ['first', 'second'],
      additionalProperties: false,
    });
  });

  test('B3: has one text, `message`, when the template has no inputs', async () => {
    const template = [{ role: 'system', content: 'No inputs.' }];
    expect((await schemaOf('inputs/none', { template }))?.parameters).toEqual({
      type: 'object',
      properties: { message: { type: 'string' } },
      required: ['message'],
      additionalProperties: false,
    });
  });

  test('B3: is a tool’s own `function`', async () => {
    const own = {
      name: 'find_it',
      description: 'Finds it.',
      parameters: { type: 'object', properties: { key: { type: 'string' } } },
    };
    const { id } = await fileOfKind(api, 'tool', 'schemas/tool', { function: own });
    expect(await offered([linkTo(id)])).toEqual([own]);
  });
});

test('B3: `message` is sent to a linked file as a message of the user', async () => {
  const { id } = await agentAt('messages/Inner', [{ content: 'x' }]);
  const log = await calling([linkTo(id)], callOf('inner', { message: 'Go on.' }));
  expect(log.trace_children[0].messages).toEqual([{ role: 'user', content: 'Go on.' }]);
});

test('B3: the result of a call is the output of its log', async () => {
  const { id } = await fileOfKind(api, 'prompt', 'results/output', saying('The output.'));
  const log = await calling([linkTo(id)], callOf('output', { question: 'x' }));
  expect(resultOf(log)).toBe('The output.');
});

describe('a tool that fails', () => {
  const failing = saying('', { other: { script: [{ error: { status: 400, message: 'Nope.' } }] } });

  test('B3: has as its result the error of its log, with `Error: ` before it', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'results/failing', failing);
    const log = await calling([linkTo(id)], callOf('failing', { question: 'x' }));
    expect(resultOf(log)).toBe(`Error: ${log.trace_children[0].error}`);
    expect(log.trace_children[0].error).toContain('Nope.');
  });

  test('B3: does not end the turn', async () => {
    const { id } = await fileOfKind(api, 'prompt', 'results/failing', failing);
    const log = await calling([linkTo(id)], callOf('failing', { question: 'x' }));
    expect(log).toMatchObject({ log_status: 'complete', output: 'Done.', error: null });
  });
});

describe('a nested agent that suspends', () => {
  async function suspended(path: string) {
    const { id } = await agentAt(`${path}/Waiting`, [
      { tool_calls: [callOf('lookup', { key: 'a' })] },
      { content: 'From within.' },
    ]);
    const log = await calling([linkTo(id)], callOf('waiting', { message: 'x' }));
    return { log, child: log.trace_children[0] };
  }

  test('B3: suspends its parent, on the call of it', async () => {
    const { log } = await suspended('nested/parent');
    expect(log).toMatchObject({
      log_status: 'incomplete',
      previous_agent_message: { tool_calls: [{ id: 'call_1_1', function: { name: 'waiting' } }] },
    });
  });

  test('B3: is found in `trace_children`, with a `previous_agent_message` of its own', async () => {
    const { child } = await suspended('nested/child');
    expect(child).toMatchObject({
      log_status: 'incomplete',
      previous_agent_message: { tool_calls: [{ id: 'call_1_1', function: { name: 'lookup' } }] },
    });
  });

  test('B3: is abandoned when the client answers the call of the parent', async () => {
    const { log, child } = await suspended('nested/answered');
    const { body } = await api.post('/agents/continue', {
      log_id: log.id,
      messages: [answerTo('call_1_1', 'I did it myself.')],
    });
    expect(body).toMatchObject({ log_status: 'complete', output: 'Done.' });
    const messages = [answerTo('call_1_1', 'x')];
    const late = await api.post('/agents/continue', { log_id: child.id, messages });
    expect(late.statusCode).toBe(409);
  });

  async function settled(id: string) {
    await expect.poll(async () => (await api.get(`/logs/${id}`)).body.run).toBeNull();
    return (await api.get(`/logs/${id}`)).body;
  }

  test('is continued by itself, and its output is the result of the call: the parent goes on', async () => {
    const { log, child } = await suspended('nested/continued');
    const { body } = await api.post('/agents/continue', {
      log_id: child.id,
      messages: [answerTo('call_1_1', 'x')],
    });
    expect(body).toMatchObject({ log_status: 'complete', output: 'From within.' });
    const parent = await settled(log.id);
    expect(parent).toMatchObject({ log_status: 'complete', output: 'Done.' });
    expect(parent.messages).toContainEqual(
      expect.objectContaining({ role: 'tool', tool_call_id: 'call_1_1', content: 'From within.' }),
    );
    const events = await api.events(log.id);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toEqual([
      ...['agent_turn_start', 'agent_start', 'agent_end', 'tool_start', 'agent_turn_suspend'],
      ...['tool_end', 'agent_start', 'agent_end', 'agent_turn_end'],
    ]);
  });

  test('two levels deep, it wakes the one above it, and that the one above', async () => {
    const { id: innermost } = await agentAt('deep/Innermost', [
      { tool_calls: [callOf('lookup', { key: 'a' })] },
      { content: 'Innermost.' },
    ]);
    const { id: middle } = await agentAt(
      'deep/Middle',
      [{ tool_calls: [callOf('innermost', { message: 'x' })] }, { content: 'Middle.' }],
      { tools: [linkTo(innermost)] },
    );
    const log = await calling([linkTo(middle)], callOf('middle', { message: 'x' }));
    const deepest = log.trace_children[0].trace_children[0];
    const { body } = await api.post('/agents/continue', {
      log_id: deepest.id,
      messages: [answerTo('call_1_1', 'x')],
    });
    expect(body.output).toBe('Innermost.');
    expect(await settled(log.trace_children[0].id)).toMatchObject({ output: 'Middle.' });
    expect(await settled(log.id)).toMatchObject({ output: 'Done.', log_status: 'complete' });
  });

  test('leaves the parent waiting while another call of it is open', async () => {
    const { id } = await agentAt('nested/two/Waiting', [
      { tool_calls: [callOf('lookup', { key: 'a' })] },
      { content: 'From within.' },
    ]);
    const { body: log } = await api.post('/agents/call', {
      path: 'nested/two/parent',
      agent: scripted(
        [
          { tool_calls: [callOf('waiting', { message: 'x' }), callOf('lookup', { key: 'b' })] },
          { content: 'Both.' },
        ],
        { tools: [linkTo(id), lookup] },
      ),
      messages: hello,
      include_trace_children: true,
    });
    const child = log.trace_children[0];
    await api.post('/agents/continue', {
      log_id: child.id,
      messages: [answerTo('call_1_1', 'x')],
    });
    const { body: waiting } = await api.get(`/logs/${log.id}`);
    expect(waiting.run.state).toBe('suspended');
    const { statusCode, body } = await api.post('/agents/continue', {
      log_id: log.id,
      messages: [answerTo('call_1_2', 'y')],
    });
    expect({ statusCode, output: body.output }).toEqual({ statusCode: 200, output: 'Both.' });
    expect(body.messages).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ tool_call_id: 'call_1_1', content: 'From within.' }),
        expect.objectContaining({ tool_call_id: 'call_1_2', content: 'y' }),
      ]),
    );
  });

  test('of which nothing is stored wakes its parent all the same', async () => {
    const { id } = await agentAt('nested/unsaved/Waiting', [
      { tool_calls: [callOf('lookup', { key: 'a' })] },
      { content: 'A secret from within.' },
    ]);
    const { body: log } = await api.post('/agents/call', {
      path: 'nested/unsaved/parent',
      agent: scripted(
        [{ tool_calls: [callOf('waiting', { message: 'x' })] }, { content: 'Done.' }],
        {
          tools: [linkTo(id)],
        },
      ),
      messages: hello,
      include_trace_children: true,
      save: false,
    });
    const child = log.trace_children[0];
    await api.post('/agents/continue', {
      log_id: child.id,
      messages: [answerTo('call_1_1', 'x')],
    });
    const parent = await settled(log.id);
    expect(parent).toMatchObject({ log_status: 'complete', finish_reason: 'stop', error: null });
    expect(parent.turns).toHaveLength(2);
  });

  test('that is cancelled tells its parent so, and that goes on', async () => {
    const { log, child } = await suspended('nested/cancelled');
    await api.post(`/logs/${child.id}/cancel`);
    const parent = await settled(log.id);
    expect(parent).toMatchObject({ log_status: 'complete', output: 'Done.' });
    expect(parent.messages).toContainEqual(
      expect.objectContaining({ role: 'tool', content: 'Error: cancelled' }),
    );
  });
});

describe('nesting', () => {
  test('B3: five agents deep is run', async () => {
    expect(await outputOfNesting('five', 5)).toBe('bottom');
  });

  test('B3: deeper than five is a tool error', async () => {
    expect(await outputOfNesting('six', 6)).toMatch(/^Error: /);
  });

  test('B3: in a circle is a tool error, and the run goes on', async () => {
    const own = await agentAt('circle/Loop', [{ content: 'First.' }]);
    const { body } = await api.post('/agents/call', {
      id: own.id,
      agent: scripted(
        [{ tool_calls: [callOf('loop', { message: 'x' })] }, { content: 'Enough.' }],
        {
          tools: [linkTo(own.id)],
        },
      ),
      messages: hello,
    });
    expect(body).toMatchObject({ log_status: 'complete', output: 'Enough.' });
    expect(resultOf(body)).toMatch(/^Error: /);
  });

  /** What the outermost of so many agents, each in the next, answers: what the innermost says. */
  async function outputOfNesting(folder: string, depth: number): Promise<string> {
    let inner = await agentAt(`${folder}/level 1`, [{ content: 'bottom' }]);
    for (let level = 2; level <= depth; level++) {
      inner = await agentAt(
        `${folder}/level ${level}`,
        [{ tool_calls: [callOf(`level_${level - 1}`, { message: 'x' })] }],
        { tools: [linkTo(inner.id, {}, { on_agent_call: 'stop' })] },
      );
    }
    const { body } = await api.post('/agents/call', { id: inner.id, messages: hello });
    return body.output;
  }
});

describe('the file of a link', () => {
  test.each([
    ['upsert', (agent: Answer['body']) => agent],
    ['get', async (agent: Answer['body']) => (await api.get(`/agents/${agent.id}`)).body],
    [
      'call',
      async ({ id }: Answer['body']) =>
        (await api.post('/agents/call', { id, messages: hello })).body.agent,
    ],
  ])('B3: is in the answer of %s', async (name, shown) => {
    const prompt = await fileOfKind(api, 'prompt', 'shown/prompt', saying('x'));
    const agent = await agentAt(`shown/in ${name}`, [{ content: 'x' }], {
      tools: [linkTo(prompt.id)],
    });
    expect((await shown(agent)).tools).toMatchObject([
      { type: 'file', link: { file_id: prompt.id }, file: { id: prompt.id, type: 'prompt' } },
    ]);
  });

  test.each([
    ['agents', async (_: string) => (await api.get('/agents?name=in lists')).body.records[0]],
    ['versions', async (id: string) => (await api.get(`/agents/${id}/versions`)).body.records[0]],
  ])('B3: is left out of lists of %s', async (_, shown) => {
    const prompt = await fileOfKind(api, 'prompt', 'shown/prompt', saying('x'));
    const agent = await agentAt('shown/in lists', [{ content: 'x' }], {
      tools: [linkTo(prompt.id)],
    });
    const [tool] = (await shown(agent.id)).tools;
    expect(tool).toMatchObject({ type: 'file', link: { file_id: prompt.id } });
    expect(tool).not.toHaveProperty('file');
  });
});
