import { type Static, Type } from 'typebox';
import { checkedByCode, hasText, notBoth } from './checked-by-code.ts';
import { user } from './file.ts';
import { nullable, optional } from './nullable.ts';
import { modelProvider } from './providers.ts';
import { time } from './time.ts';

/** The most characters of a key. Amazon's keys with a session token are the longest. */
const longestKey = 8_000;

/** A key to store for an organization. */
export const providerKeyRequest = Type.Object(
  {
    provider: modelProvider,
    api_key: Type.String({
      minLength: 1,
      maxLength: longestKey,
      description: 'Stored encrypted and never shown.',
      ...checkedByCode({ pattern: '^[!-~]+$' }),
    }),
    endpoint: optional(
      Type.String({
        minLength: 1,
        maxLength: 2_000,
        description: 'Only for `openai_azure`: the URL of the resource that the key is for.',
      }),
    ),
  },
  checkedByCode(
    notBoth(hasText('endpoint'), { properties: { provider: { not: { enum: ['openai_azure'] } } } }),
  ),
);

/** The description of an organization's key, without the key itself. */
export const providerKeyResponse = Type.Object(
  {
    provider: modelProvider,
    hint: nullable(
      Type.String({
        description: 'The last characters of the key; null if they would reveal too much of it.',
      }),
    ),
    endpoint: nullable(Type.String()),
    usable: Type.Boolean({
      description:
        'False if the key was encrypted with a secret key that the server no longer has. Set it again.',
    }),
    set_at: time,
    set_by: nullable(user),
  },
  { additionalProperties: true, title: 'ProviderKeyResponse' },
);

export type ProviderKeyRequest = Static<typeof providerKeyRequest>;
