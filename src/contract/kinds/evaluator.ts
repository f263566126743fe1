import { type Static, Type } from 'typebox';
import { chatMessage } from '../chat.ts';
import { requiresPathOrId } from '../checked-by-code.ts';
import { logProperties, outcomeProperties, statusProperties } from '../log.ts';
import { oneOf, optional } from '../nullable.ts';
import { promptSpec } from './prompt.ts';

const valence = oneOf(['positive', 'negative', 'neutral']);

const commonProperties = {
  arguments_type: oneOf(['target_free', 'target_required'], {
    description: 'Whether the evaluator needs the target of a datapoint for its judgment.',
  }),
  return_type: oneOf(['boolean', 'number', 'select', 'multi_select', 'text']),
  attributes: optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Any data that distinguishes this version from others.',
    }),
  ),
  options: optional(
    Type.Array(
      Type.Object(
        { name: Type.String({ minLength: 1 }), valence: optional(valence) },
        { title: 'EvaluatorJudgmentOptionResponse' },
      ),
    ),
  ),
  number_limits: optional(
    Type.Object(
      {
        min: optional(Type.Number()),
        max: optional(Type.Number()),
        step: optional(Type.Number({ exclusiveMinimum: 0 })),
      },
      { title: 'EvaluatorJudgmentNumberLimit' },
    ),
  ),
  number_valence: optional(valence),
};

const pythonEvaluator = Type.Object(
  {
    evaluator_type: Type.Literal('python'),
    ...commonProperties,
    code: Type.String({ minLength: 1 }),
  },
  { title: 'PythonEvaluatorRequest' },
);

const llmEvaluator = Type.Object(
  {
    evaluator_type: Type.Literal('llm'),
    ...commonProperties,
    prompt: optional(promptSpec),
  },
  { title: 'LlmEvaluatorRequest' },
);

const humanEvaluator = Type.Object(
  {
    evaluator_type: Type.Literal('human'),
    ...commonProperties,
    instructions: optional(Type.String()),
  },
  { title: 'HumanEvaluatorRequest' },
);

const externalEvaluator = Type.Object(
  {
    evaluator_type: Type.Literal('external'),
    ...commonProperties,
  },
  { title: 'ExternalEvaluatorRequest' },
);

/** How an evaluator judges: by code, by a model, by people, or in an external system. */
export const evaluatorDetails = Type.Unsafe<
  | Static<typeof pythonEvaluator>
  | Static<typeof llmEvaluator>
  | Static<typeof humanEvaluator>
  | Static<typeof externalEvaluator>
>({
  type: 'object',
  required: ['evaluator_type'],
  discriminator: { propertyName: 'evaluator_type' },
  oneOf: [pythonEvaluator, llmEvaluator, humanEvaluator, externalEvaluator],
});

/** The fields that define a version of an evaluator. */
export const evaluatorSpec = Type.Object({ spec: evaluatorDetails });

/** The judgment of an evaluator on a log. */
export const judgment = Type.Union([
  Type.Boolean(),
  Type.Number(),
  Type.String(),
  Type.Array(Type.String()),
]);

/** A judgment on an existing log. */
export const evaluatorLogRequest = Type.Object(
  {
    ...logProperties,
    parent_id: Type.String({ minLength: 1, description: 'The log that is judged.' }),
    judgment: optional(judgment),
    marked_completed: optional(Type.Boolean()),
    spec: optional(evaluatorDetails),
    output_message: optional(chatMessage),
    ...statusProperties,
    ...outcomeProperties,
  },
  requiresPathOrId,
);

export type EvaluatorDetails = Static<typeof evaluatorDetails>;
