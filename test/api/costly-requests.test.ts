import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

const api = await testApp({ bodyValues: 1_000 });

const anyNumber = '{{ range(100000) | random }}';
const prompt = { provider: 'mock', model: 'any', template_language: 'jinja', template: anyNumber };

/** What the mock says it was told by the template. */
const told = (body: { readonly logs: readonly { readonly output: string }[] }) =>
  new Set(body.logs.map(({ output }) => output));

describe('a template is rendered once for a call', () => {
  test.each([
    ['without inputs', {}],
    ['with inputs', { inputs: { a: 1 } }],
  ])('however many samples it has, %s', async (_how, given) => {
    const call = () =>
      api.post('/prompts/call', { path: 'costly/samples', prompt, num_samples: 5, ...given });
    const [first, second] = [await call(), await call()];
    expect(told(first.body).size).toBe(1);
    expect(told(second.body).size).toBe(1);
    expect(told(second.body)).not.toEqual(told(first.body));
  });
});

describe('a body', () => {
  const log = (inputs: object) =>
    api.post('/prompts/log', { path: 'costly/values', prompt: { model: 'any' }, inputs });

  test('may have so many values and names, and the refusal names the limit and its setting', async () => {
    expect((await log({ list: Array(900).fill(1) })).statusCode).toBe(200);
    const { statusCode, body } = await log({ list: Array(1_000).fill(1) });
    expect(statusCode).toBe(422);
    expect(body.detail).toMatchObject([
      {
        type: 'too_many_values',
        msg: 'The body has more than 1000 values and names of members, which is the limit (REQUEST_BODY_VALUES). Send it in parts.',
      },
    ]);
  });

  test('is read in steps, so that others are answered between them', async () => {
    const order: string[] = [];
    const big = log({ text: 'x'.repeat(1_000_000) }).then(() => order.push('big'));
    const small = api.get('/logs?size=1').then(() => order.push('small'));
    await Promise.all([big, small]);
    expect(order).toEqual(['small', 'big']);
  });
});

test('the texts of a template that have variables have a limit together', async () => {
  const upsert = (template: string) =>
    api.post('/prompts', { path: 'costly/template', model: 'any', template });
  expect((await upsert(`{{a}}${'x'.repeat(999_995)}`)).statusCode).toBe(200);
  expect((await upsert('x'.repeat(1_000_001))).statusCode).toBe(200);
  const { statusCode, body } = await upsert(`{{a}}${'x'.repeat(999_996)}`);
  expect(statusCode).toBe(422);
  expect(body.detail[0].msg).toBe(
    'The texts of a template that have variables can have 1000000 characters together; these have 1000001.',
  );
});

test('the provider `mock` can be switched off, and versions that name it are told so', async () => {
  const without = await testApp({ database: api.database, offersMock: false });
  const { statusCode, body } = await without.post('/prompts/call', {
    path: 'costly/mock',
    prompt: { provider: 'mock', model: 'any' },
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(statusCode).toBe(422);
  expect(body.detail).toMatch(/switched the provider `mock` off \(MOCK_PROVIDER\)/);
});
