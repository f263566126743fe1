import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { defineRunnable } from '../runs/run.ts';
import { requireServerJudged } from './evaluator/judge.ts';
import { runEvaluator } from './evaluator/run-evaluator.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** How evaluators are run: those that judge by code or by a model. Their runs have no events. */
export const runnableEvaluator = defineRunnable<RuntimeParts, 'evaluator'>({
  kind: evaluatorKind,
  events: { opening: undefined, summary: () => [] },
  waitsForKeys: false,
  check: (parts, { workspace, version }) => requireServerJudged(parts, workspace, version),
  checkVersion: requireServerJudged,
  tools: async () => ({ byName: new Map(), notes: [], snippets: undefined }),
  missingKeys: async () => [],
  steps: runEvaluator,
});
