import { expect, vi } from 'vitest';
import type { Answer, TestApp } from './app.ts';

type Body = Answer['body'];
type Json = Readonly<Record<string, unknown>>;
type Api = Pick<TestApp, 'get' | 'post'>;

/** Posts, and fails the test if the request is refused. */
export async function posted(api: Api, url: string, body: Json = {}): Promise<Body> {
  const answer = await api.post(url, body);
  expect(answer.statusCode, `${url}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

/** An evaluator, by default one whose judgments come from outside. */
export function evaluator(api: Api, path: string, spec: Json = {}): Promise<Body> {
  const common = { arguments_type: 'target_free', return_type: 'boolean' };
  return posted(api, '/evaluators', {
    path,
    spec: { evaluator_type: 'external', ...common, ...spec },
  });
}

/** The spec of an evaluator whose model, which needs no vendor, always says this. */
export const saying = (content: string): Json => ({
  evaluator_type: 'llm',
  prompt: { provider: 'mock', model: 'mock', template: 'Judge.', other: { script: [{ content }] } },
});

/** A dataset with datapoints whose inputs are `{n: 1}` to `{n: count}`; its body has them. */
export async function dataset(api: Api, path: string, count: number): Promise<Body> {
  const datapoints = Array.from({ length: count }, (_, index) => ({
    inputs: { n: index + 1, half: index % 2 === 0 ? 'odd' : 'even' },
    target: { output: String(index + 1) },
  }));
  return posted(api, '/datasets?include_datapoints=true', { path, datapoints });
}

/** A version of a prompt that needs no vendor. */
export function prompt(api: Api, path: string, more: Json = {}): Promise<Body> {
  return posted(api, '/prompts', {
    path,
    provider: 'mock',
    model: 'mock',
    template: 'Hi',
    ...more,
  });
}

/** Waits until a Run has this status, and answers it. */
export async function untilRun(
  api: Api,
  { evaluationId, runId }: { readonly evaluationId: string; readonly runId: string },
  status: string,
): Promise<Body> {
  return vi.waitFor(
    async () => {
      const { body } = await api.get(`/evaluations/${evaluationId}/runs`);
      const run = body.runs.find(({ id }: Body) => id === runId);
      expect(run?.status, JSON.stringify(run?.progress)).toBe(status);
      return run;
    },
    { timeout: 20_000, interval: 100 },
  );
}
