import { type Static, Type } from 'typebox';
import { chatMessage } from '../chat.ts';
import { checkedByCode, hasText, requiresPathOrId } from '../checked-by-code.ts';
import { logProperties, outcomeProperties, statusProperties } from '../log.ts';
import { oneOf, optional } from '../nullable.ts';
import { datapointContent } from './dataset.ts';
import { promptSpec } from './prompt.ts';

const valence = oneOf(['positive', 'negative', 'neutral']);

/** What evaluators give. */
export const returnTypes = ['boolean', 'number', 'select', 'multi_select', 'text'] as const;

const commonProperties = {
  arguments_type: oneOf(['target_free', 'target_required'], {
    description: 'Whether the evaluator needs the target of a datapoint for its judgment.',
  }),
  return_type: oneOf(returnTypes),
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

/** A log to judge at once, with an evaluator that is stored or is being written. */
export const evaluatorCallRequest = Type.Object(
  {
    path: logProperties.path,
    id: logProperties.id,
    version_id: optional(Type.String()),
    environment: optional(Type.String({ description: 'The name of an environment.' })),
    spec: optional(evaluatorDetails),
    log_id: optional(Type.String({ minLength: 1, description: 'The log to judge.' })),
    log: optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'The log to judge, in place of one that is stored.',
      }),
    ),
    testcase: optional(
      Type.Object(
        { id: optional(Type.String()), ...datapointContent.properties },
        {
          title: 'EvaluatorTestcaseRequest',
          description: 'The testcase. Default: the datapoint that the log was made for.',
        },
      ),
    ),
    save: optional(
      Type.Boolean({
        default: false,
        description:
          'Record the judgment as a log of the evaluator. It must have a path or an id then, and the judged log must be stored.',
      }),
    ),
  },
  checkedByCode({
    if: { required: ['spec'], properties: { spec: { type: 'object' } } },
    else: { if: hasText('id', 1), else: hasText('path') },
  }),
);

export type EvaluatorCallRequest = Static<typeof evaluatorCallRequest>;
export type EvaluatorDetails = Static<typeof evaluatorDetails>;
