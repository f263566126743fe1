import { type Static, Type } from 'typebox';
import { displayName, open, scopeSchema } from './accounts.ts';
import { checkedByCode, isGiven, notBoth } from './checked-by-code.ts';
import { user } from './file.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { givenTime, time } from './time.ts';

/** An API key to make. */
export const apiKeyRequest = Type.Object(
  {
    name: displayName,
    scopes: optional(
      Type.Array(scopeSchema, {
        minItems: 1,
        maxItems: 4,
        uniqueItems: true,
        description: 'What the key may do. Default: `run`, `read` and `write`.',
      }),
    ),
    expires_in_days: optional(Type.Number({ exclusiveMinimum: 0, maximum: 36_500 })),
    expires_at: optional(givenTime),
    member_id: optional(
      Type.String({
        description: 'Whose key it is; a key for another member needs `admin`. Default: yours.',
      }),
    ),
  },
  checkedByCode(
    notBoth(
      {
        required: ['expires_at'],
        properties: { expires_at: { type: 'string', format: 'date-time' } },
      },
      isGiven('expires_in_days'),
    ),
  ),
);

/** What to change of an API key. A field that is left out stays as it is. */
export const apiKeyChange = Type.Object({
  name: optional(displayName),
  expires_at: optional({ ...givenTime, description: 'Only earlier than it would expire.' }),
});

/** How a key is replaced. */
export const rotation = Type.Object({
  overlap_hours: optional(
    Type.Number({
      minimum: 0,
      maximum: 8_760,
      description: 'How long the old key still works. Default: 24.',
    }),
  ),
});

/** An API key, without the key itself. */
export const apiKeyProperties = {
  id: Type.String(),
  name: Type.String(),
  hint: Type.String({ description: 'The first characters of the key.' }),
  scopes: Type.Array(scopeSchema),
  member: user,
  created_at: time,
  created_by: nullable(user),
  expires_at: nullable(time),
  last_used_at: nullable(Type.Unsafe<string>({ ...time, description: 'At most a minute late.' })),
  revoked_at: nullable(time),
  origin: oneOf(['made', 'environment'], {
    description: '`environment`: the setting `LOOPWRIGHT_API_KEY` gave it.',
  }),
};

export const apiKeyResponse = Type.Object(apiKeyProperties, { ...open, title: 'ApiKeyResponse' });

/** An API key that was made now. */
export const madeApiKey = Type.Object(
  {
    ...apiKeyProperties,
    key: Type.String({ description: 'The key itself. It is shown only once.' }),
  },
  { ...open, title: 'MadeApiKeyResponse' },
);

export type ApiKeyRequest = Static<typeof apiKeyRequest>;
export type ApiKeyChange = Static<typeof apiKeyChange>;
