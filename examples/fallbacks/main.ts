import { post } from '../api.ts';

/** What a call of a prompt answers: its log, with what each model said. */
interface PromptLog {
  readonly output: string;
  /** What went wrong on the way, a line for each model that was asked. */
  readonly stdout: string;
  readonly logs: readonly { readonly provider: string; readonly model: string }[];
}

const log = await post<PromptLog>('prompts/call', {
  path: 'Examples/Fallbacks/Poet',
  prompt: {
    // The mock plays a vendor that is in trouble.
    provider: 'mock',
    model: 'in-trouble',
    template: 'Write a haiku about {{topic}}.',
    other: {
      script: [{ error: { status: 503, message: 'overloaded' } }],
      fallbacks: [{ provider: 'openai', model: 'gpt-4o' }],
    },
  },
  inputs: { topic: 'a table in a database' },
});

console.log(log.stdout);
console.log(`${log.logs[0]?.provider}: ${log.logs[0]?.model}\n${log.output}`);
