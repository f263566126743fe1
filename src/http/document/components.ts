import { type TObject, type TSchema, Type } from 'typebox';
import { chatMessage } from '../../contract/chat.ts';
import { fileResponseProperties, givenDefaultsField } from '../../contract/file.ts';
import { judgment } from '../../contract/kinds/evaluator.ts';
import { logResponseProperties, runState } from '../../contract/log.ts';
import { logSummary } from '../../contract/log-list.ts';
import { monitoringEvaluatorResponse } from '../../contract/monitoring.ts';
import { nullable } from '../../contract/nullable.ts';
import { reviewResponse } from '../../contract/reviews.ts';
import { forkedFrom, span } from '../../contract/spans.ts';
import type { FileKind } from '../../files/kind.ts';
import { fileKinds } from '../../files/kinds/index.ts';
import { problemSchemas } from './openapi.ts';

/** Answers may have more fields than are documented. */
export const open = { additionalProperties: true } as const;

/** A reference to the schema of an answer about a file: `AgentResponse`. */
export function fileResponse(kind: FileKind): TSchema {
  return Type.Ref(`${kindName(kind)}Response`);
}

/** A reference to the schema of an answer about a log: `AgentLogResponse`. */
export function logResponse(kind: FileKind): TSchema {
  return Type.Ref(`${kindName(kind)}LogResponse`);
}

/**
 * The schemas that several routes share, by their names in the document.
 *
 * @param ofKinds the schemas that kinds add.
 */
export function componentSchemas(
  ofKinds: Readonly<Record<string, TSchema>>,
): readonly (TSchema & { readonly $id: string })[] {
  const logged = fileKinds.filter(({ log }) => log);
  const components: Readonly<Record<string, TSchema>> = {
    ...Object.fromEntries(fileKinds.map((kind) => [`${kindName(kind)}Response`, fileSchema(kind)])),
    ...Object.fromEntries(logged.map((kind) => [`${kindName(kind)}LogResponse`, logSchema(kind)])),
    FileResponse: Type.Unsafe({
      discriminator: { propertyName: 'type' },
      required: ['type'],
      oneOf: fileKinds.map(fileResponse),
    }),
    LogResponse: Type.Union(logged.map(logResponse)),
    LogSummary: logSummary,
    Span: span,
    ...problemSchemas,
    MonitoringEvaluatorResponse: monitoringEvaluatorResponse,
    ReviewResponse: reviewResponse,
    ...ofKinds,
  };
  return Object.entries(components).map(([$id, schema]) => ({ ...schema, $id }));
}

/** `Agent`: what names in the document begin with. */
export function kindName({ type }: Pick<FileKind, 'type'>): string {
  return `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}

/** The schema of a file in one of its versions. */
export function fileSchema(kind: FileKind): TObject {
  const { version_logs_count, total_logs_count, evaluators, evaluator_aggregates, ...common } =
    fileResponseProperties;
  return Type.Object(
    {
      ...common,
      type: Type.Literal(kind.type),
      ...kind.spec.properties,
      ...(kind.model ? { given_defaults: givenDefaultsField } : {}),
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

/** The schema of a log. */
export function logSchema(kind: FileKind): TObject {
  return Type.Object(
    {
      [kind.type]: fileResponse(kind),
      ...logResponseProperties,
      ...(kind.log?.turns === 'conversation'
        ? { previous_agent_message: nullable(chatMessage), forked_from: forkedFrom, run: runState }
        : {}),
      ...(kind.log?.isJudgment ? judgmentProperties : {}),
    },
    open,
  );
}

const judgmentProperties = {
  parent_id: nullable(Type.String()),
  parent: nullable(Type.Ref('LogResponse')),
  judgment: nullable(judgment),
  marked_completed: nullable(Type.Boolean()),
};
