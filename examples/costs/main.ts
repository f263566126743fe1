import { get, post } from '../api.ts';

/** A log in the form of `view=summary`. */
interface Summary {
  readonly version_id: string;
  readonly prompt_tokens: number;
  readonly output_tokens: number;
  /** In US dollars; null when the price of the model is not known. */
  readonly prompt_cost: number | null;
  readonly output_cost: number | null;
}

type Called = Record<'prompt', { readonly id: string; readonly version_id: string }>;

// Ask each model the same question. Each model makes a version of the file, so we compare versions.
const modelOf = new Map<string, string>();
let fileId = '';
for (const model of ['gpt-4o', 'gpt-4o-mini']) {
  for (const topic of ['an index', 'a join', 'a transaction']) {
    const { prompt } = await post<Called>('prompts/call', {
      path: 'Examples/Costs/Poet',
      prompt: { provider: 'openai', model, template: 'Write a haiku about {{topic}}.' },
      inputs: { topic },
    });
    fileId = prompt.id;
    modelOf.set(prompt.version_id, model);
  }
}

// Read the costs from the logs: here, from the newest hundred of the file.
const { records } = await get<{ readonly records: readonly Summary[] }>(
  `logs?file_id=${fileId}&view=summary&size=100`,
);
console.log('model        calls   tokens in   tokens out       cost');
for (const [versionId, model] of modelOf) {
  const logs = records.filter((log) => log.version_id === versionId);
  const sum = (of: (log: Summary) => number) => logs.reduce((total, log) => total + of(log), 0);
  const cost = sum((log) => (log.prompt_cost ?? Number.NaN) + (log.output_cost ?? Number.NaN));
  const columns = [
    model.padEnd(11),
    String(logs.length).padStart(7),
    String(sum((log) => log.prompt_tokens)).padStart(12),
    String(sum((log) => log.output_tokens)).padStart(13),
    (Number.isNaN(cost) ? 'no price' : `$${cost.toFixed(6)}`).padStart(11),
  ];
  console.log(columns.join(''));
}
