import { addExamples } from '../administration.ts';
import type { Given } from './command.ts';
import type { databaseOptions } from './options.ts';
import { configWith } from './settings.ts';

/** `examples`: adds the ready-made evaluators that are missing, and prints their paths. */
export async function printAdded(given: Given<typeof databaseOptions>): Promise<void> {
  const paths = await addExamples(configWith(given));
  console.log(
    paths.length === 0
      ? 'Nothing was added: every ready-made evaluator is there.'
      : ['Added:', ...paths].join('\n'),
  );
}
