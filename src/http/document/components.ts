import { type TObject, type TSchema, Type } from 'typebox';
import { chatMessage } from '../../contract/chat.ts';
import { fileResponseProperties } from '../../contract/file.ts';
import { judgment } from '../../contract/kinds/evaluator.ts';
import { linkedTool } from '../../contract/kinds/prompt.ts';
import { logResponseProperties } from '../../contract/log.ts';
import { logSummary } from '../../contract/log-list.ts';
import { monitoringEvaluatorResponse } from '../../contract/monitoring.ts';
import { nullable } from '../../contract/nullable.ts';
import { modelProvider } from '../../contract/providers.ts';
import { time } from '../../contract/time.ts';
import type { FileKind } from '../../files/kind.ts';
import { fileKinds } from '../../files/kinds/index.ts';
import { promptKind } from '../../files/kinds/prompt.ts';
import { problemSchemas } from './openapi.ts';

const open = { additionalProperties: true } as const;

/** The answer about a file of a kind, as the document names it: `AgentResponse`. */
export function fileResponseOf(kind: FileKind): TSchema {
  return Type.Ref(`${nameOf(kind)}Response`);
}

/** The answer about a log of a kind, as the document names it: `AgentLogResponse`. */
export function logResponseOf(kind: FileKind): TSchema {
  return Type.Ref(`${nameOf(kind)}LogResponse`);
}

/** The schemas of answers that more than one route gives, by the names that the document has for them. */
export function componentSchemas(): readonly (TSchema & { readonly $id: string })[] {
  const kinds: readonly FileKind[] = fileKinds;
  const logged = kinds.filter(({ log }) => log);
  const components: Readonly<Record<string, TSchema>> = {
    ...Object.fromEntries(kinds.map((kind) => [`${nameOf(kind)}Response`, fileSchema(kind)])),
    ...Object.fromEntries(logged.map((kind) => [`${nameOf(kind)}LogResponse`, logSchema(kind)])),
    FileResponse: Type.Unsafe({
      discriminator: { propertyName: 'type' },
      required: ['type'],
      oneOf: kinds.map(fileResponseOf),
    }),
    LogResponse: Type.Union(logged.map(logResponseOf)),
    LogSummary: logSummary,
    ...problemSchemas,
    MonitoringEvaluatorResponse: monitoringEvaluatorResponse,
    PromptCallResponse: Type.Object(
      { ...logSchema(promptKind).properties, logs: Type.Array(promptSample) },
      open,
    ),
    PopulateTemplateResponse: Type.Object(
      { ...fileSchema(promptKind).properties, populated_template: nullable(template) },
      open,
    ),
  };
  return Object.entries(components).map(([$id, schema]) => ({ ...schema, $id }));
}

function nameOf({ type }: FileKind): string {
  return `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}

/** A file of a kind, in one of its versions. */
function fileSchema(kind: FileKind): TObject {
  const { version_logs_count, total_logs_count, evaluators, evaluator_aggregates, ...common } =
    fileResponseProperties;
  return Type.Object(
    {
      ...common,
      type: Type.Literal(kind.type),
      ...kind.spec.properties,
      ...(kind.type === 'prompt' ? { linked_tools: Type.Array(linkedTool) } : {}),
      ...kind.derived?.properties,
      ...kind.details?.properties,
      ...(kind.log
        ? { version_logs_count, total_logs_count, evaluators, evaluator_aggregates }
        : {}),
      ...(kind.text ? { raw_file_content: nullable(Type.String()) } : {}),
    },
    open,
  );
}

function logSchema(kind: FileKind): TObject {
  return Type.Object(
    {
      [kind.type]: fileResponseOf(kind),
      ...logResponseProperties,
      ...(kind.type === 'agent' ? { previous_agent_message: nullable(chatMessage) } : {}),
      ...(kind.type === 'evaluator' ? evaluatorLogProperties : {}),
    },
    open,
  );
}

const template = Type.Union([Type.String(), Type.Array(chatMessage)]);

/** One of the answers that a call of a prompt asks for. */
const promptSample = Type.Object(
  {
    index: Type.Integer({ minimum: 0 }),
    created_at: time,
    provider: nullable(modelProvider),
    model: nullable(Type.String({ description: 'The model that answered.' })),
    ...Type.Pick(Type.Object(logResponseProperties), [
      'output',
      'output_message',
      'error',
      'prompt_tokens',
      'reasoning_tokens',
      'output_tokens',
      'prompt_cost',
      'output_cost',
      'finish_reason',
      'provider_latency',
    ]).properties,
  },
  { ...open, title: 'PromptCallLogResponse' },
);

const evaluatorLogProperties = {
  parent_id: Type.String(),
  parent: nullable(Type.Ref('LogResponse')),
  judgment: nullable(judgment),
  marked_completed: nullable(Type.Boolean()),
};
