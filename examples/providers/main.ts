import { post } from '../api.ts';

/** The answer to a call of a prompt: its log. */
interface PromptLog {
  readonly output: string | null;
  readonly provider_latency: number;
  readonly prompt_tokens: number | null;
  readonly output_tokens: number | null;
  readonly prompt_cost: number | null;
  readonly output_cost: number | null;
}

const models = [
  ['openai', 'gpt-4o'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['google', 'gemini-2.5-flash'],
  ['groq', 'openai/gpt-oss-120b'],
  ['deepseek', 'deepseek-chat'],
  ['cohere', 'command-a-03-2025'],
  ['mock', 'any'],
] as const;

// One file with a version for each model; all models are called at once.
const answers = models.map(([provider, model]) =>
  post<PromptLog>('prompts/call', {
    path: 'Examples/Providers/Poet',
    prompt: { provider, model, template: 'Write a haiku about {{topic}}.', max_tokens: 1_000 },
    inputs: { topic: 'a table in a database' },
  }).then(told, (error: Error) => error.message),
);

for (const [index, [provider, model]] of models.entries())
  console.log(`${provider}: ${model}\n  ${(await answers[index])?.replaceAll('\n', '\n  ')}\n`);

function told(log: PromptLog): string {
  const { prompt_cost: input, output_cost: output } = log;
  const cost = input === null || output === null ? 'no price' : `$${(input + output).toFixed(6)}`;
  const tokens = `${log.prompt_tokens} + ${log.output_tokens} tokens`;
  return `${log.provider_latency.toFixed(3)} s, ${tokens}, ${cost}\n${log.output}`;
}
