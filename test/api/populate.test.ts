import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { expectRefusal } from '../support/refusals.ts';

const api = await testApp();

const model = { provider: 'mock', model: 'mock' };

async function promptAt(path: string, spec: Record<string, unknown>) {
  const { body } = await api.post('/prompts', { path, ...model, ...spec });
  return body;
}

const { body: tones } = await api.post('/tools', {
  path: 'populate/tones',
  tool_type: 'snippet',
  setup_values: { formal: 'Dear {{name}}', brief: 'Hi' },
});

describe('populating a prompt', () => {
  test('answers the prompt with its template in its own form, inputs and snippets put in', async () => {
    const linked = { linked_tools: [tones.id] };
    const text = await promptAt('populate/text', {
      template: '{{ tones(brief) }} {{name}}, {{ tones("formal") }}',
      ...linked,
    });
    const one = await api.post(`/prompts/${text.id}/populate`, { name: 'Ada' });
    expect(one.statusCode).toBe(200);
    expect(one.body).toEqual({ ...text, populated_template: 'Hi Ada, Dear {{name}}' });
    expect(one.body.inputs).toEqual([{ name: 'name' }]);

    const chat = await promptAt('populate/chat', {
      template: [
        { role: 'system', content: '{{ tones(brief) }}' },
        { role: 'user', content: [{ type: 'text', text: '{{question}}' }] },
      ],
      ...linked,
    });
    const two = await api.post(`/prompts/${chat.id}/populate`, { question: ['a', 1] });
    expect(two.body.populated_template).toEqual([
      { role: 'system', content: 'Hi' },
      { role: 'user', content: [{ type: 'text', text: '["a",1]' }] },
    ]);
  });

  test('of one without a template answers null', async () => {
    const { id } = await promptAt('populate/none', {});
    const { body } = await api.post(`/prompts/${id}/populate`, { any: 'thing' });
    expect(body.populated_template).toBeNull();
  });

  test('means the version that the query names', async () => {
    const first = await promptAt('populate/versions', { template: 'One {{a}}' });
    const second = await promptAt('populate/versions', { template: 'Two {{b}}' });
    const populated = async (query: string, inputs: object) =>
      (await api.post(`/prompts/${first.id}/populate${query}`, inputs)).body.populated_template;
    expect(await populated('', { a: 1 })).toBe('One 1');
    expect(await populated(`?version_id=${second.version_id}`, { b: 2 })).toBe('Two 2');
    expect(await populated('?environment=production', { a: 3 })).toBe('One 3');
  });

  test('misses inputs in the body itself', async () => {
    const { id } = await promptAt('populate/missing', { template: '{{a}} {{b}} {{a}}' });
    expectRefusal(
      await api.post(`/prompts/${id}/populate`, { inputs: { a: 1 } }),
      422,
      ['body', 'a'],
      ['body', 'b'],
    );
    const jinja = await promptAt('populate/jinja', {
      template: '{{ a }}',
      template_language: 'jinja',
    });
    expectRefusal(await api.post(`/prompts/${jinja.id}/populate`, {}), 422, ['body', 'a']);
  });

  test('of a prompt that is not there is not found', async () => {
    expectRefusal(await api.post('/prompts/pr_nothing/populate', {}), 404);
    expectRefusal(await api.post(`/prompts/${tones.id}/populate`, {}), 404);
  });
});

describe('a snippet', () => {
  test('is known by the name of its tool’s function, or of its file', async () => {
    const { body: tool } = await api.post('/tools', {
      path: 'populate/Named otherwise',
      tool_type: 'snippet',
      function: { name: 'greetings', description: 'How to greet.' },
      setup_values: { morning: 'Good morning' },
    });
    const { id } = await promptAt('populate/named', {
      template: '{{ greetings(morning) }}',
      linked_tools: [tool.id],
    });
    const { body } = await api.post(`/prompts/${id}/populate`, {});
    expect(body.populated_template).toBe('Good morning');
  });

  test('is that of the version deployed by default', async () => {
    const snippet = (text: string) => ({
      path: 'populate/changing',
      tool_type: 'snippet',
      setup_values: { text },
    });
    const { body: first } = await api.post('/tools', snippet('one'));
    const { body: second } = await api.post('/tools', snippet('two'));
    const { id } = await promptAt('populate/follows', {
      template: '{{ changing(text) }}',
      linked_tools: [first.id],
    });
    const populated = async () =>
      (await api.post(`/prompts/${id}/populate`, {})).body.populated_template;
    expect(await populated()).toBe('one');
    const environment = first.environments[0].id;
    await api.post(
      `/tools/${first.id}/environments/${environment}?version_id=${second.version_id}`,
    );
    expect(await populated()).toBe('two');
  });

  test('that is not there is refused by name, in a call as well', async () => {
    const { body: search } = await api.post('/tools', {
      path: 'populate/search',
      tool_type: 'google',
    });
    const { id } = await promptAt('populate/unknown', {
      template: '{{ tones(rude) }}{{ search(x) }}{{ greetings(morning) }}',
      linked_tools: [tones.id, search.id],
    });
    const places = ['tones(rude)', 'search(x)', 'greetings(morning)'].map((reference) => [
      'body',
      'template',
      reference,
    ]);
    expectRefusal(await api.post(`/prompts/${id}/populate`, {}), 422, ...places);
    expectRefusal(await api.post('/prompts/call', { id }), 422, ...places);
  });

  test('reaches the model, to which its tool is not offered', async () => {
    const { body } = await api.post('/prompts/call', {
      path: 'populate/called',
      prompt: {
        ...model,
        template: '{{ tones(brief) }} {{name}}',
        linked_tools: [tones.id],
      },
      inputs: { name: 'Ada' },
    });
    expect(body.logs[0].output).toBe('The prompt says: Hi Ada');
    const { body: log } = await api.get(`/logs/${body.id}`);
    expect(log.provider_request.messages).toEqual([{ role: 'system', content: 'Hi Ada' }]);
    expect(log.provider_request).not.toHaveProperty('tools');
    expect(log.stdout).toBeNull();
  });

  test('reaches the models of agents that link its tool; other agents keep what is written', async () => {
    const template = '{{ tones(brief) }} {{name}}';
    const call = async (path: string, tools: readonly object[]) => {
      const { body } = await api.post('/agents/call', {
        path,
        agent: { ...model, template, tools },
        inputs: { name: 'Ada' },
      });
      return body.output;
    };
    const link = { type: 'file', link: { file_id: tones.id } };
    expect(await call('populate/linking', [link])).toBe('The prompt says: Hi Ada');
    expect(await call('populate/plain', [])).toBe('The prompt says: {{ tones(brief) }} Ada');
  });

  test('reaches the model of a prompt that an agent calls', async () => {
    const { id } = await promptAt('populate/inner', {
      template: '{{ tones(brief) }} {{name}}',
      linked_tools: [tones.id],
    });
    const { body } = await api.post('/agents/call', {
      path: 'populate/outer',
      agent: {
        ...model,
        tools: [{ type: 'file', link: { file_id: id } }],
        other: {
          script: [{ tool_calls: [{ name: 'inner', arguments: { name: 'Ada' } }] }],
        },
      },
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(body.output).toBe('inner says: The prompt says: Hi Ada');
  });
});
