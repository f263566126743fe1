import { HumanloopClient } from 'humanloop';

// Evaluates a file with `evaluations.run` of the client that npm carries, as its users do, and ends
// with a line `CHECKS […]`. The first argument is the mode, the second the name of the Evaluation.

const [, , mode = '', name = ''] = process.argv;
const baseUrl = process.env['BASE_URL'] ?? '';
const humanloop = new HumanloopClient({ apiKey: process.env['KEY'] ?? '', baseUrl });

type Inputs = Record<string, unknown>;

const dataset = {
  path: `${mode}/questions`,
  datapoints: [
    { inputs: { a: '1', b: '1' }, target: { sum: '2' } },
    { inputs: { a: '2', b: '2' }, target: { sum: '4' } },
    { inputs: { a: '3', b: '3' }, target: { sum: '7' } },
  ],
};

/** A local evaluator that needs a target: two of three sums are as expected. */
const isExpected = {
  path: `${mode}/is-expected`,
  returnType: 'boolean' as const,
  argsType: 'target_required' as const,
  callable: ({ log, datapoint }: { log: { output?: string }; datapoint: { target?: object } }) =>
    log.output === (datapoint.target as { sum: string }).sum,
  threshold: 0.5,
};

/** A local evaluator without one. */
const length = {
  path: `${mode}/length`,
  returnType: 'number' as const,
  argsType: 'target_free' as const,
  callable: ({ log }: { log: { output?: string } }) => {
    if (log.output === undefined) throw new Error('The log has no output.');
    return log.output.length;
  },
  threshold: 2,
};

const add = ({ a, b }: Inputs) => String(Number(a) + Number(b));
const path = `${mode}/add`;

const files: Record<string, () => object> = {
  callable: () => ({ path, type: 'flow', version: { edition: 1 }, callable: add }),
  failing: () => ({
    path,
    type: 'flow',
    version: { edition: 1 },
    callable: (inputs: Inputs) => {
      if (inputs['a'] === '2') throw new Error('Two is too much.');
      return add(inputs);
    },
  }),
  decorated: () => ({
    path,
    type: 'flow',
    callable: humanloop.flow({ path, callable: add as never, attributes: { edition: 1 } }),
  }),
  logging: () => ({
    path,
    type: 'flow',
    version: { edition: 1 },
    callable: async (inputs: Inputs) => {
      const output = add(inputs);
      await humanloop.flows.log({
        path,
        flow: { attributes: { attributes: { edition: 1 } } },
        inputs,
        output,
        logStatus: 'complete',
      });
      return output;
    },
  }),
  prompt: () => ({
    path,
    type: 'prompt',
    version: {
      provider: 'mock',
      model: 'mock',
      template: [{ role: 'user', content: 'What is {{a}} and {{b}}?' }],
    },
  }),
};

const onServer = { path: 'has-output' };
const evaluators = mode === 'prompt' ? [onServer] : [isExpected, length, onServer];

const checks = await humanloop.evaluations.run({
  name,
  file: files[mode]?.() as never,
  dataset,
  evaluators: evaluators as never,
});
console.log(`CHECKS ${JSON.stringify(checks)}`);
