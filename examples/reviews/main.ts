import { get, post } from '../api.ts';

interface File {
  readonly id: string;
  readonly version_id: string;
}

interface Review {
  readonly id: string;
  readonly log: { readonly id: string; readonly output: string };
  readonly evaluator: { readonly spec: { readonly instructions: string } };
}

interface Agreement {
  readonly logs_count: number;
  readonly accuracy: number;
  readonly kappa: number;
  readonly disagreements: readonly { readonly log_id: string }[];
}

const judgment = { arguments_type: 'target_free', return_type: 'boolean' };

// People judge the logs of this prompt, because a human evaluator monitors it.
const people = await post<File>('evaluators', {
  path: 'Examples/Reviews/Is polite',
  spec: { evaluator_type: 'human', ...judgment, instructions: 'Is the answer polite?' },
});
const prompt = await post<File>('prompts', {
  path: 'Examples/Reviews/Answer',
  provider: 'mock',
  model: 'any',
  template: '{{answer}}',
});
await post(`prompts/${prompt.id}/evaluators`, {
  activate: [{ evaluator_version_id: people.version_id }],
});
for (const answer of ['Please wait a moment.', 'No.', 'Gladly, here it is.', 'Go away, please.']) {
  await post('prompts/call', { id: prompt.id, inputs: { answer } });
}

// What a program thinks of it: everything that says "please" is polite.
const program = await post<File>('evaluators', {
  path: 'Examples/Reviews/Says please',
  spec: { evaluator_type: 'external', ...judgment },
});

/** You, in place of a person in front of a screen. */
const mind = (output: string) => !/No\.|Go away/.test(output);

for (;;) {
  const { review } = await post<{ review: Review | null }>('reviews/next', {
    file_id: prompt.id,
  });
  if (!review) break;
  const { output, id } = review.log;
  console.log(`${review.evaluator.spec.instructions} ${output}`);
  await post(`reviews/${review.id}`, { judgment: mind(output) });
  console.log(`  ${mind(output) ? 'yes' : 'no'}`);
  await post('evaluators/log', {
    id: program.id,
    parent_id: id,
    judgment: /please/i.test(output),
  });
}

const { logs_count, accuracy, kappa, disagreements } = await get<Agreement>(
  `evaluators/${program.id}/agreement?with=${people.id}`,
);
console.log(
  `\nThe program agrees with you on ${accuracy * 100} % of ${logs_count} logs, κ = ${kappa}.`,
);
console.log(`You disagree on ${disagreements.length}.`);
