import type { EvaluatorDetails } from '../contract/kinds/evaluator.ts';
import { correctness, faithfulness, semanticSimilarity } from './ai-prompts.ts';

type Python = Extract<EvaluatorDetails, { readonly evaluator_type: 'python' }>;
/** The fields of a version; those of a Python evaluator lack the code. */
type Spec = Exclude<EvaluatorDetails, Python> | Omit<Python, 'code'>;

/** An evaluator that every organization gets when it is made. */
export interface ReadyMadeEvaluator {
  readonly path: string;
  readonly description: string;
  readonly spec: Spec;
  /** Where the code of a Python evaluator is, beside this file. */
  readonly source?: string;
}

/** The folder that guides for v5 refer to by this name. */
export const readyMadeFolder = 'Example Evaluators';

const free = { evaluator_type: 'python', arguments_type: 'target_free' } as const;
const required = { evaluator_type: 'python', arguments_type: 'target_required' } as const;
const judged = { evaluator_type: 'llm', arguments_type: 'target_free' } as const;
const compared = { evaluator_type: 'llm', arguments_type: 'target_required' } as const;

/** Numbers of which fewer are better. */
const fewer = { return_type: 'number', number_valence: 'negative' } as const;
const yesOrNo = { return_type: 'boolean' } as const;

/** Every ready-made evaluator, in the order of the docs. */
export const readyMadeEvaluators: readonly ReadyMadeEvaluator[] = [
  python('Code/Latency', { ...free, ...fewer }, 'The seconds that the model calls took.'),
  python('Code/Cost', { ...free, ...fewer }, 'What the model calls cost, in US dollars.'),
  python('Code/Tokens', { ...free, ...fewer }, 'The tokens that were sent and answered.'),
  python(
    'Code/Exact match',
    { ...required, ...yesOrNo },
    'Whether the answer is the `output` of the target.',
  ),
  python(
    'Code/Contains',
    { ...required, ...yesOrNo },
    'Whether the answer contains what `contains` of the target lists.',
  ),
  python(
    'Code/Levenshtein',
    { ...required, ...fewer },
    'How many characters the answer is away from the `output` of the target.',
  ),
  python('Code/Valid JSON', { ...free, ...yesOrNo }, 'Whether the answer is JSON.'),
  python(
    'Code/JSON schema subset',
    { ...required, ...yesOrNo },
    'Whether the answer is JSON that fits `schema` of the target.',
  ),
  python(
    'Code/Regex',
    { ...required, ...yesOrNo },
    'Whether the answer matches `pattern` of the target, a regular expression.',
  ),
  {
    path: `${readyMadeFolder}/AI/Correctness`,
    description: 'A model says whether the answer says what the target says.',
    spec: { ...compared, ...yesOrNo, prompt: correctness },
  },
  {
    path: `${readyMadeFolder}/AI/Faithfulness`,
    description: 'A model says whether the inputs, messages and tool results support the answer.',
    spec: { ...judged, ...yesOrNo, prompt: faithfulness },
  },
  {
    path: `${readyMadeFolder}/AI/Semantic similarity`,
    description: 'A model says from 0 to 10 how close in meaning the answer is to the target.',
    spec: {
      ...compared,
      return_type: 'number',
      number_limits: { min: 0, max: 10 },
      number_valence: 'positive',
      prompt: semanticSimilarity,
    },
  },
  {
    path: `${readyMadeFolder}/Human/rating`,
    description: 'People say whether the answer is good or bad.',
    spec: {
      evaluator_type: 'human',
      arguments_type: 'target_free',
      return_type: 'select',
      options: [
        { name: 'good', valence: 'positive' },
        { name: 'bad', valence: 'negative' },
      ],
      instructions: 'Is this answer good enough to be sent to a user?',
    },
  },
  python(
    'Agents/Tool calls match',
    { ...required, ...yesOrNo },
    'Whether the agent made the tool calls that `tool_calls` of the target lists.',
  ),
  python(
    'Agents/Tool call count',
    { ...free, return_type: 'number', number_valence: 'neutral' },
    'How many tool calls the agent made.',
  ),
  python('Agents/No tool errors', { ...free, ...yesOrNo }, 'Whether every tool call worked.'),
  python(
    'Agents/Steps at most',
    { ...free, ...yesOrNo },
    'Whether the agent needed at most 10 model calls, or `most_steps` of the target.',
  ),
  python(
    'Agents/Ends without client tool',
    { ...free, ...yesOrNo },
    'Whether the agent ended by itself, and not with a call that your code has to answer.',
  ),
];

/** The source of `Code/Exact match` is `code/exact_match.py`. */
function python(name: string, spec: Spec, description: string): ReadyMadeEvaluator {
  const source = `${name.toLowerCase().replaceAll(' ', '_')}.py`;
  return { path: `${readyMadeFolder}/${name}`, description, spec, source };
}
