import { type Static, Type } from 'typebox';
import { chatMessage } from './chat.ts';
import { user } from './file.ts';
import { nullable, oneOf } from './nullable.ts';
import { time } from './time.ts';

const open = { additionalProperties: true } as const;
const count = nullable(Type.Integer());
const dollars = nullable(Type.Number({ description: 'US dollars.' }));

/** The most spans of a page. */
export const mostSpans = 5_000;

/** The state of a log in one word. Lists and spans have the same. */
export const logStates = [
  'running',
  'suspended',
  'interrupted',
  'incomplete',
  'complete',
  'error',
] as const;

export type LogState = (typeof logStates)[number];

/** Which spans to list. */
export const spansQuery = Type.Object({
  size: Type.Integer({
    minimum: 1,
    maximum: mostSpans,
    default: mostSpans,
    description: 'The most spans of a page. The tool calls of the last turn come in addition.',
  }),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: 'The `next_cursor` of the page before.',
    }),
  ),
  since: Type.Optional(
    Type.String({
      pattern: '^\\d{1,19}$',
      description:
        'The `changes` of an earlier answer: only spans that are new or have changed since then. A span may come although it has not changed.',
    }),
  ),
});

/** What a fork was forked from. */
export const forkedFrom = nullable(
  Type.Object(
    {
      log_id: Type.String(),
      turn: Type.Integer({
        description: 'The first turn of the fork’s own. Those before it were taken from that log.',
      }),
    },
    { description: 'The log and turn that a log was forked from.' },
  ),
);

const wait = Type.Object({
  from: time,
  until: nullable({
    ...time,
    description: 'Null while the run waits, and until the turn that follows has ended.',
  }),
});

/** Who answered tool calls of a run: a person, or a program with an API key. */
const answerer = Type.Object(
  {
    member: nullable(user),
    api_key: nullable(
      Type.Object(
        { id: Type.String(), name: Type.String() },
        { description: 'With which it was answered; null for somebody who was signed in.' },
      ),
    ),
  },
  { ...open, title: 'AnswererResponse' },
);

export type Answerer = Static<typeof answerer>;

/** A part of a trace, without payloads. */
export const span = Type.Object(
  {
    id: Type.String(),
    parent_id: nullable(
      Type.String({
        description:
          'The span above. A log that answers a tool call is below the turn that made the call.',
      }),
    ),
    kind: oneOf(['agent', 'prompt', 'tool', 'flow', 'evaluator', 'turn', 'call'], {
      description:
        'The type of a log; `turn` for a model call; `call` for a tool call without a log.',
    }),
    log_id: Type.String({ description: 'The log that the span is or belongs to.' }),
    turn: nullable(
      Type.Integer({ description: 'The number of the turn, or of the turn that made the call.' }),
    ),
    tool_call_id: nullable(Type.String()),
    name: Type.String({ description: 'The name of the file, of the model or of the function.' }),
    path: nullable(Type.String()),
    file_id: nullable(Type.String()),
    version_id: nullable(Type.String()),
    model: nullable(Type.String()),
    provider: nullable(Type.String()),
    status: oneOf(logStates),
    error: nullable(Type.String({ description: 'The first line, at most 200 characters.' })),
    started_at: time,
    ended_at: nullable({
      ...time,
      description: 'Null while it goes on, and for tool calls that are `copied`.',
    }),
    first_token_at: nullable(time),
    prompt_tokens: count,
    reasoning_tokens: count,
    output_tokens: count,
    prompt_cost: dollars,
    output_cost: dollars,
    iterations: nullable(Type.Integer({ description: 'How many turns the log of an agent has.' })),
    waits: Type.Array(wait, { description: 'When the run waited for its client.' }),
    answered_by: nullable(oneOf(['client', 'server'])),
    answered_at: nullable({ ...time, description: 'When the client answered.' }),
    answerer: nullable(answerer),
    copied: Type.Boolean({
      description:
        'True for turns, and their tool calls, that a fork has from the log that it was forked from.',
    }),
    forked_from: forkedFrom,
  },
  open,
);

export type Span = Static<typeof span>;

/** A page of the spans of a trace. */
export const spansResponse = Type.Object({
  spans: Type.Array(Type.Ref('Span')),
  next_cursor: nullable(Type.String()),
  changes: Type.String({
    description: 'Send it as `since` to get what has changed. Use that of the first page.',
  }),
  is_open: Type.Boolean({ description: 'Whether spans may still come or change.' }),
});

const anyObject = Type.Record(Type.String(), Type.Unknown());

/** The payloads of one span. One of `log`, `turn` and `call` is not null. */
export const spanResponse = Type.Object(
  {
    id: Type.String(),
    kind: span.properties.kind,
    log: nullable(Type.Ref('LogResponse')),
    turn: nullable(
      Type.Object({
        number: Type.Integer(),
        message_index: nullable(
          Type.Integer({
            description:
              'The place of `message` in the `messages` of the log; null if it has none.',
          }),
        ),
        message: nullable(chatMessage),
        results: Type.Array(chatMessage, { description: 'What the server answered.' }),
        continuation: nullable(
          Type.Array(chatMessage, { description: 'What the client answered.' }),
        ),
        finish_reason: nullable(Type.String()),
        input_tokens: count,
        cache_read_tokens: count,
        cache_write_tokens: count,
        output_tokens: count,
        reasoning_tokens: count,
        request: nullable(anyObject),
        response: nullable(anyObject),
      }),
    ),
    call: nullable(
      Type.Object({
        tool_call_id: Type.String(),
        name: Type.String(),
        arguments: nullable(Type.String()),
        result: nullable(chatMessage),
      }),
    ),
  },
  open,
);
