import { type Static, Type } from 'typebox';
import { optional } from './nullable.ts';

const id = Type.String({ minLength: 1, maxLength: 64, description: 'Hex or base64.' });

/** Nanoseconds since 1970. 0 means that no time is known. */
const nanoseconds = optional(
  Type.Union([
    Type.String({ pattern: '^\\d{1,19}$' }),
    Type.Integer({ minimum: 0, maximum: 9e18 }),
  ]),
);

const attribute = Type.Object({
  key: Type.String(),
  /** Has one of these fields. Lists and maps are ignored: the v5 clients flatten theirs. */
  value: optional(
    Type.Object({
      stringValue: optional(Type.String()),
      boolValue: optional(Type.Boolean()),
      intValue: optional(Type.Union([Type.String(), Type.Number()])),
      doubleValue: optional(Type.Union([Type.String(), Type.Number()])),
    }),
  ),
});

/** The fields of a span that are read. */
export const otelSpan = Type.Object({
  traceId: id,
  spanId: id,
  name: optional(Type.String()),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: optional(Type.Array(attribute)),
  status: optional(
    Type.Object({
      code: optional(Type.Union([Type.String(), Type.Number()])),
      message: optional(Type.String()),
    }),
  ),
});

const scopeSpans = Type.Object({
  scope: optional(Type.Object({ name: optional(Type.String()) })),
  spans: optional(
    Type.Array(
      Type.Unknown({
        description:
          'A span: `traceId`, `spanId`, `startTimeUnixNano`, `endTimeUnixNano`, `attributes`, `status`. A span that cannot be read is rejected; the others are still stored.',
      }),
    ),
  ),
});

const resourceSpans = Type.Object({ scopeSpans: optional(Type.Array(scopeSpans)) });

/** OpenTelemetry traces in JSON, with the fields that are read. Empty fields may be left out. */
export const otelTraces = Type.Object({ resourceSpans: optional(Type.Array(resourceSpans)) });

/** The logs of an import, and how many spans were rejected and why. */
export const importedTraces = Type.Object({
  records: Type.Array(Type.String(), {
    description: 'The ids of the logs, in the order of the spans that were kept.',
  }),
  partialSuccess: Type.Optional(
    Type.Object(
      {
        rejectedSpans: Type.Integer({ minimum: 1 }),
        errorMessage: Type.String({
          description: 'The place of each rejected span, and the reason; at most ten.',
        }),
      },
      { description: 'Present if spans were rejected. It does not help to send them again.' },
    ),
  ),
});

export type OtelTraces = Static<typeof otelTraces>;
export type OtelSpan = Static<typeof otelSpan>;
export type OtelAttribute = Static<typeof attribute>;
export type ImportedTraces = Static<typeof importedTraces>;
