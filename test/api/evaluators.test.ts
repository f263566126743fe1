import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const common = { arguments_type: 'target_free', return_type: 'boolean' };

const specs = {
  python: { evaluator_type: 'python', ...common, code: 'def judge(log):\n  return True\n' },
  llm: { evaluator_type: 'llm', ...common, prompt: { model: 'm', template: 'Judge {{log}}' } },
  human: { evaluator_type: 'human', ...common, instructions: 'Is it polite?' },
  external: { evaluator_type: 'external', ...common },
};

const upsert = (path: string, spec: unknown) => api.post('/evaluators', { path, spec });

async function evaluator(path: string, spec: object): Promise<Body> {
  const answer = await upsert(path, spec);
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

describe('an evaluator', () => {
  test.each(Object.entries(specs))('of type %s is stored as its spec says', async (type, spec) => {
    const body = await evaluator(`types/${type}`, spec);
    expect(body).toMatchObject({ type: 'evaluator', spec, inputs: type === 'llm' ? [{}] : [] });
    expect((await api.get(`/evaluators/${body.id}`)).body.spec).toEqual(body.spec);
  });

  test('keeps everything that its spec can say', async () => {
    const spec = {
      ...specs.human,
      return_type: 'select',
      arguments_type: 'target_required',
      attributes: { a: 1 },
      options: [
        { name: 'good', valence: 'positive' },
        { name: 'bad', valence: 'negative' },
        { name: 'so so' },
      ],
      number_limits: { min: 0, max: 1, step: 0.1 },
      number_valence: 'neutral',
    };
    expect((await evaluator('everything', spec)).spec).toEqual(spec);
  });

  const base = ['body', 'spec'];
  test.each([
    ['nothing', undefined, base],
    ['null', null, base],
    ['no type', common, [...base, 'evaluator_type']],
    ['an unknown type', { ...common, evaluator_type: 'magic' }, [...base, 'evaluator_type']],
    ['no code', { ...common, evaluator_type: 'python' }, [...base, 'code']],
    ['empty code', { ...specs.python, code: '' }, [...base, 'code']],
    ['a return type of no kind', { ...specs.llm, return_type: 'x' }, [...base, 'return_type']],
    [
      'no arguments type',
      { evaluator_type: 'external', return_type: 'text' },
      [...base, 'arguments_type'],
    ],
    ['a prompt without a model', { ...specs.llm, prompt: {} }, [...base, 'prompt', 'model']],
    [
      'a prompt with a wrong message',
      { ...specs.llm, prompt: { model: 'm', template: [{ role: 'x' }] } },
      [...base, 'prompt', 'template', 0, 'role'],
    ],
    [
      'two tools of one name in its prompt',
      {
        ...specs.llm,
        prompt: {
          model: 'm',
          tools: [
            { name: 'f', description: '' },
            { name: 'f', description: '' },
          ],
        },
      },
      [...base, 'prompt', 'tools', 1, 'name'],
    ],
    [
      'instructions that are no text',
      { ...specs.human, instructions: 1 },
      [...base, 'instructions'],
    ],
    [
      'an option without a name',
      { ...specs.human, options: [{}] },
      [...base, 'options', 0, 'name'],
    ],
    [
      'two options of one name',
      { ...specs.human, options: [{ name: 'a' }, { name: 'a' }] },
      [...base, 'options', 1, 'name'],
    ],
    [
      'a valence of no kind',
      { ...specs.human, options: [{ name: 'a', valence: 'x' }] },
      [...base, 'options', 0, 'valence'],
    ],
    [
      'steps of nothing',
      { ...specs.human, number_limits: { step: 0 } },
      [...base, 'number_limits', 'step'],
    ],
    [
      'limits the wrong way round',
      { ...specs.human, number_limits: { min: 2, max: 1 } },
      [...base, 'number_limits'],
    ],
  ])('with %s is refused at that place', async (_, spec, loc) => {
    const before = await rowCounts(api);
    expectRefusal(await upsert('refused', spec), 422, loc);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('whose prompt says its defaults is the same version as one that leaves them out', async () => {
    const plain = await evaluator('same', specs.llm);
    const prompt = {
      temperature: 1,
      provider: 'openai',
      tools: [],
      stop: null,
      ...specs.llm.prompt,
    };
    const spelled = await evaluator('same', { ...specs.llm, prompt });
    expect(spelled.version_id).toBe(plain.version_id);
    expect(plain.spec.prompt).toMatchObject({ provider: 'openai', temperature: 1, tools: [] });
    const hotter = { ...specs.llm, prompt: { ...specs.llm.prompt, temperature: 0.5 } };
    expect((await evaluator('same', hotter)).version_id).not.toBe(plain.version_id);
  });

  test('with nulls is the same version as one without', async () => {
    const plain = await evaluator('nulls', {
      ...specs.human,
      options: [{ name: 'a' }],
      number_limits: { min: 0 },
    });
    const nulls = await evaluator('nulls', {
      ...specs.human,
      attributes: null,
      options: [{ name: 'a', valence: null }],
      number_limits: { min: 0, max: null, step: null },
      number_valence: null,
    });
    expect(nulls.version_id).toBe(plain.version_id);
  });

  test('whose prompt links to what is not there, or is no tool, is refused', async () => {
    const { body: tool } = await api.post('/tools', { path: 'linked tool' });
    const { body: flow } = await api.post('/flows', { path: 'no tool', attributes: {} });
    const linking = (...linked_tools: string[]) =>
      upsert('links', { ...specs.llm, prompt: { model: 'm', linked_tools } });
    expectRefusal(await linking(tool.id, 'tl_none'), 404);
    const place = [...base, 'prompt', 'linked_tools', 1];
    expectRefusal(await linking(tool.id, flow.id), 422, place);
    const { body } = await linking(tool.id);
    expect(body.spec.prompt.linked_tools).toEqual([tool.id]);
  });

  test('that asks a model is given the variables of its prompt', async () => {
    const prompt = {
      model: 'm',
      template_language: 'jinja',
      template: [
        { role: 'user', content: '{{ log.output }} {{ testcase.target }} {{ log_prompt }}' },
      ],
    };
    const { inputs, schema } = await evaluator('inputs', { ...specs.llm, prompt });
    expect(inputs).toEqual([{ name: 'log' }, { name: 'testcase' }, { name: 'log_prompt' }]);
    expect(Object.keys(schema.properties)).toEqual(['log', 'testcase', 'log_prompt']);
  });
});

const judgedLog = async (): Promise<Body> =>
  (await api.post('/agents/log', { path: 'judged', agent: { model: 'm' }, output: 'Hi.' })).body;

const judge = (body: object) => api.post('/evaluators/log', body);
const get = async (id: string): Promise<Body> => (await api.get(`/logs/${id}`)).body;

describe('a judgment', () => {
  test('is a log of its evaluator, and shows in the log that it is about', async () => {
    const { id: evaluatorId, version_id } = await evaluator('judges', specs.external);
    const log = await judgedLog();
    const { statusCode, body } = await judge({
      id: evaluatorId,
      parent_id: log.id,
      judgment: false,
      marked_completed: true,
      output: 'It is rude.',
      metadata: { by: 'ada' },
    });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^log_/),
      parent_id: log.id,
      version_id,
    });
    const told = {
      id: body.id,
      parent_id: log.id,
      judgment: false,
      marked_completed: true,
      output: 'It is rude.',
      metadata: { by: 'ada' },
      evaluator: { id: evaluatorId, version_id },
    };
    expect((await get(log.id)).evaluator_logs).toMatchObject([told]);
    expect(await get(body.id)).toMatchObject({ ...told, evaluator_logs: [] });
    const { body: list } = await api.get(`/logs?file_id=${log.agent_id}&id=${log.id}`);
    expect(list.records.find(({ id }: Body) => id === log.id).evaluator_logs).toMatchObject([told]);
    expect((await get(log.id)).trace_children).toEqual([]);
  });

  test('may be one of many, in the order they came, and be judged itself', async () => {
    const log = await judgedLog();
    const first = await judge({ path: 'inline', spec: specs.external, parent_id: log.id });
    const second = await judge({ path: 'inline', parent_id: log.id, judgment: true });
    const third = await judge({ path: 'inline', parent_id: second.body.id, judgment: false });
    const { evaluator_logs: logs } = await get(log.id);
    expect(logs).toMatchObject([
      { id: first.body.id, judgment: null, marked_completed: null },
      { id: second.body.id, judgment: true },
    ]);
    expect((await get(second.body.id)).evaluator_logs).toMatchObject([{ id: third.body.id }]);
  });

  test('may be an error instead', async () => {
    const log = await judgedLog();
    await judge({ path: 'inline', spec: specs.external, parent_id: log.id, error: 'No answer.' });
    const [shown] = (await get(log.id)).evaluator_logs;
    expect(shown).toMatchObject({ judgment: null, error: 'No answer.' });
  });

  test('finds the version of an inline spec, or makes it', async () => {
    const log = await judgedLog();
    const path = 'found or made';
    const one = await judge({ path, spec: specs.llm, parent_id: log.id });
    const same = await judge({ path, spec: { ...specs.llm, options: null }, parent_id: log.id });
    const other = await judge({ path, spec: specs.python, parent_id: log.id });
    expect(same.body.version_id).toBe(one.body.version_id);
    expect(other.body.version_id).not.toBe(one.body.version_id);
    const { body: list } = await api.get('/evaluators?name=found or made');
    expect(list).toMatchObject({ total: 1, records: [{ version_id: one.body.version_id }] });
    const faulty = { path, spec: { ...specs.python, code: 1 }, parent_id: log.id };
    expectRefusal(await judge(faulty), 422, ['body', 'spec', 'code']);
    const chosen = `?version_id=${one.body.version_id}`;
    const both = { path, spec: specs.llm, parent_id: log.id };
    expectRefusal(await api.post(`/evaluators/log${chosen}`, both), 422, ['query']);
  });

  test('on nothing, or on what is not there, is refused', async () => {
    await evaluator('nothing', specs.external);
    const before = await rowCounts(api);
    expectRefusal(await judge({ path: 'nothing' }), 422, ['body', 'parent_id']);
    expectRefusal(await judge({ path: 'nothing', parent_id: null }), 422, ['body', 'parent_id']);
    expectRefusal(await judge({ path: 'nothing', parent_id: '' }), 422, ['body', 'parent_id']);
    const unknown = await judge({ path: 'new', spec: specs.external, parent_id: 'log_none' });
    expectRefusal(unknown, 404);
    expect(unknown.body.code).toBe('log_not_found');
    expect(await rowCounts(api)).toEqual(before);
  });

  const options = { options: [{ name: 'good' }, { name: 'bad' }] };
  const limits = { number_limits: { min: -1, max: 1, step: 0.1 } };

  test.each([
    [{ return_type: 'boolean' }, [true, false], [0, 'true', [], ['a'], 1.5]],
    [{ return_type: 'number' }, [0, -1.5, 1e300], [true, '1', ['1']]],
    [{ return_type: 'number', ...limits }, [-1, 0, 0.3, 0.7, 1], [-1.1, 1.1, 0.05, 2]],
    [{ return_type: 'number', number_limits: { min: 1, step: 2 } }, [1, 3, 101], [0, 2, 1.5]],
    [{ return_type: 'text' }, ['', 'good'], [true, 1, ['good']]],
    [{ return_type: 'select', ...options }, ['good', 'bad'], ['ugly', '', true, 1, ['good']]],
    [{ return_type: 'select' }, ['anything'], [true, 1, []]],
    [
      { return_type: 'multi_select', ...options },
      [[], ['good'], ['bad', 'good']],
      ['good', true, 1, ['good', 'ugly']],
    ],
  ])('of %j is one that it can give', async (more, fitting, others) => {
    const { id } = await evaluator(`fitting/${JSON.stringify(more)}`, {
      ...specs.human,
      ...more,
    });
    const log = await judgedLog();
    for (const judgment of fitting) {
      const { statusCode } = await judge({ id, parent_id: log.id, judgment });
      expect(statusCode, JSON.stringify(judgment)).toBe(200);
    }
    const shown = (await get(log.id)).evaluator_logs;
    expect(shown.map(({ judgment }: Body) => judgment)).toEqual(fitting);
    const before = await rowCounts(api);
    for (const judgment of others) {
      expectRefusal(await judge({ id, parent_id: log.id, judgment }), 422, ['body', 'judgment']);
    }
    expect(await rowCounts(api)).toEqual(before);
  });

  test.each([[{ a: 1 }], [[1]], [[true]], [[null]]])('%j is none', async (judgment) => {
    const log = await judgedLog();
    const answer = await judge({ path: 'judges', parent_id: log.id, judgment });
    expect(answer.statusCode).toBe(422);
    expect(answer.body.detail[0].loc.slice(0, 2)).toEqual(['body', 'judgment']);
  });

  test('is deleted with the log that it is about', async () => {
    const log = await judgedLog();
    const { body: judgment } = await judge({
      path: 'inline',
      spec: specs.external,
      parent_id: log.id,
    });
    const { body: above } = await judge({ path: 'inline', parent_id: judgment.id });
    expect((await api.delete(`/logs?id=${log.id}`)).statusCode).toBe(204);
    for (const { id } of [judgment, above]) expectRefusal(await api.get(`/logs/${id}`), 404);
  });

  test('can be deleted, and the log that it is about stays', async () => {
    const log = await judgedLog();
    const { body } = await judge({ path: 'inline', spec: specs.external, parent_id: log.id });
    await api.delete(`/logs?id=${body.id}`);
    expect((await get(log.id)).evaluator_logs).toEqual([]);
  });

  test('while the log that it is about is deleted leaves nothing of the two', async () => {
    const log = await judgedLog();
    await evaluator('raced', specs.external);
    const answers = await Promise.all([
      ...[1, 2, 3, 4].map(() => judge({ path: 'raced', parent_id: log.id, judgment: true })),
      api.delete(`/logs?id=${log.id}`),
      ...[1, 2, 3, 4].map(() => judge({ path: 'raced', parent_id: log.id, judgment: true })),
    ]);
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes[4]).toBe(204);
    expect(codes.toSpliced(4, 1).filter((code) => code !== 200 && code !== 404)).toEqual([]);
    const { rows } = await api.database.pool.query('SELECT FROM log WHERE parent_id = $1', [
      log.id,
    ]);
    expect(rows).toEqual([]);
  });
});
