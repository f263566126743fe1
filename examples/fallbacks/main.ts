import { post } from '../api.ts';

/** The answer to a call of a prompt: its log, with the output of each model. */
interface PromptLog {
  readonly output: string;
  /** The failures on the way, one line for each model that was called. */
  readonly stdout: string;
  readonly logs: readonly { readonly provider: string; readonly model: string }[];
}

const log = await post<PromptLog>('prompts/call', {
  path: 'Examples/Fallbacks/Poet',
  prompt: {
    // The mock plays a vendor that has an outage.
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
