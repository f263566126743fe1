import { type Static, Type } from 'typebox';
import { optional } from './nullable.ts';

const id = Type.String({ minLength: 1, maxLength: 64, description: 'Hex or base64.' });

/** Nanoseconds since 1970; 0 is as good as nothing. */
const nanoseconds = optional(
  Type.Union([
    Type.String({ pattern: '^\\d{1,19}$' }),
    Type.Integer({ minimum: 0, maximum: 9e18 }),
  ]),
);

const attribute = Type.Object({
  key: Type.String(),
  /** One of these; lists and maps are passed over, since clients flatten theirs. */
  value: optional(
    Type.Object({
      stringValue: optional(Type.String()),
      boolValue: optional(Type.Boolean()),
      intValue: optional(Type.Union([Type.String(), Type.Number()])),
      doubleValue: optional(Type.Union([Type.String(), Type.Number()])),
    }),
  ),
});

/** What is read of a span. */
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
          'A span: `traceId`, `spanId`, `startTimeUnixNano`, `endTimeUnixNano`, `attributes`, `status`. One that cannot be read is rejected, and keeps no other out.',
      }),
    ),
  ),
});

const resourceSpans = Type.Object({ scopeSpans: optional(Type.Array(scopeSpans)) });

/** Traces as OpenTelemetry writes them in JSON; of it, what is read. Empty fields may be left out. */
export const otelTraces = Type.Object({ resourceSpans: optional(Type.Array(resourceSpans)) });

/** What came of the spans: logs, and of those that cannot be kept, how many and why. */
export const importedTraces = Type.Object({
  records: Type.Array(Type.String(), {
    description: 'The ids of the logs, in the order of the spans that were kept.',
  }),
  partialSuccess: Type.Optional(
    Type.Object(
      {
        rejectedSpans: Type.Integer({ minimum: 1 }),
        errorMessage: Type.String({
          description: 'The place of each span that was rejected, and the reason; ten at most.',
        }),
      },
      { description: 'There when spans were rejected. To send them again does not help.' },
    ),
  ),
});

export type OtelTraces = Static<typeof otelTraces>;
export type OtelSpan = Static<typeof otelSpan>;
export type OtelAttribute = Static<typeof attribute>;
export type ImportedTraces = Static<typeof importedTraces>;
