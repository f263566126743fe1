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

const span = Type.Object({
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
  spans: optional(Type.Array(span)),
});

const resourceSpans = Type.Object({ scopeSpans: optional(Type.Array(scopeSpans)) });

/** Traces as OpenTelemetry writes them in JSON; of it, what is read. Empty fields may be left out. */
export const otelTraces = Type.Object({ resourceSpans: optional(Type.Array(resourceSpans)) });

/** Ids of the logs that the spans became, in the order of the spans. */
export const importedTraces = Type.Object({ records: Type.Array(Type.String()) });

export type OtelTraces = Static<typeof otelTraces>;
export type OtelSpan = Static<typeof span>;
export type OtelAttribute = Static<typeof attribute>;
