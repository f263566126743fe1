import { type Static, Type } from 'typebox';
import { checkedByCode } from './checked-by-code.ts';
import { user } from './file.ts';
import { secretHeaders } from './headers.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { endpointName, modelProviders } from './providers.ts';
import { time } from './time.ts';

/** How a server differs from OpenAI’s. A field that is left out: as most such servers are. */
export const endpointQuirks = Type.Object(
  {
    max_tokens_field: optional(
      oneOf(['max_tokens', 'max_completion_tokens'], {
        description: 'The field of a request that has the limit. Default: `max_tokens`.',
      }),
    ),
    stream_options: optional(
      Type.Boolean({
        description:
          'False: it refuses `stream_options`, so a streamed call has no token counts. Default: true.',
      }),
    ),
    developer_role: optional(
      Type.Boolean({
        description:
          'True: it knows the role `developer`. Default: false; such messages are sent as `system`.',
      }),
    ),
    late_system_messages: optional(
      Type.Boolean({
        description:
          'False: it refuses system messages after the first message, so they are moved to the start. Default: true.',
      }),
    ),
    named_tool_choice: optional(
      Type.Boolean({
        description:
          'False: it knows `tool_choice` only as a word. A call that names a function is sent with this function alone, and `required`. Default: true.',
      }),
    ),
  },
  // Refuse unknown fields: a mistyped one would be noticed only by what the server answers.
  { additionalProperties: false, title: 'EndpointQuirks' },
);

const baseUrl = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description:
    'Where the server speaks OpenAI’s API; `/chat/completions` is appended. Answers show it, so put credentials in `api_key` or `headers`.',
  ...checkedByCode({ pattern: '^\\s*[Hh][Tt][Tt][Pp][Ss]?:' }),
});

const keyText = 'Sent as a bearer token. Stored encrypted and never shown.';

const apiKey = Type.String({
  minLength: 1,
  maxLength: 8_000,
  description: keyText,
  ...checkedByCode({ pattern: '^[!-~]+$' }),
});

const headers = secretHeaders(
  'Headers to send with every request. Values are stored encrypted and shown as `***`.',
);

/** A custom endpoint to make. */
export const customEndpointRequest = Type.Object({
  name: Type.Unsafe<string>({
    ...endpointName,
    description: `What versions name as their \`provider\`: lower-case letters, digits and single dashes between them. It cannot be changed.`,
    ...checkedByCode({ not: { enum: [...modelProviders] } }),
  }),
  base_url: baseUrl,
  api_key: optional(apiKey),
  headers: optional(headers),
  quirks: optional(endpointQuirks),
});

/** What to change of a custom endpoint. A field that is left out stays as it is. */
export const customEndpointUpdate = Type.Object({
  base_url: Type.Optional(baseUrl),
  api_key: Type.Optional(nullable({ ...apiKey, description: `${keyText} Null removes it.` })),
  headers: Type.Optional(
    nullable({
      ...headers,
      description:
        'Replaces all headers. A value of `***` keeps the value that the header has. Null removes all.',
    }),
  ),
  quirks: Type.Optional(nullable(endpointQuirks)),
});

/** A custom endpoint, without its secrets. */
export const customEndpointResponse = Type.Object(
  {
    name: Type.String(),
    base_url: Type.String(),
    has_key: Type.Boolean(),
    headers: Type.Record(Type.String(), Type.String(), {
      description: 'The names of the headers, each with `***` in place of its value.',
    }),
    quirks: endpointQuirks,
    usable: Type.Boolean({
      description:
        'False if its key and headers were encrypted with a secret key that the server no longer has. Set them again.',
    }),
    created_at: time,
    set_at: time,
    set_by: nullable(user),
  },
  { additionalProperties: true, title: 'CustomEndpointResponse' },
);

export type EndpointQuirks = Static<typeof endpointQuirks>;
export type CustomEndpointRequest = Static<typeof customEndpointRequest>;
export type CustomEndpointUpdate = Static<typeof customEndpointUpdate>;
