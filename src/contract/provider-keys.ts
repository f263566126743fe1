import { type Static, Type } from 'typebox';
import { checkedByCode, hasText, notBoth } from './checked-by-code.ts';
import { user } from './file.ts';
import { nullable, optional } from './nullable.ts';
import { modelProvider } from './providers.ts';
import { time } from './time.ts';

/** Characters of a key: Amazon's, with the token of a session, are the longest. */
const longestKey = 8_000;

/** A key to set for an organization. */
export const providerKeyRequest = Type.Object(
  {
    provider: modelProvider,
    api_key: Type.String({
      minLength: 1,
      maxLength: longestKey,
      description: 'Stored encrypted; no answer shows it.',
      ...checkedByCode({ pattern: '^[!-~]+$' }),
    }),
    endpoint: optional(
      Type.String({
        minLength: 1,
        maxLength: 2_000,
        description: 'Of `openai_azure` alone: the address of the resource that the key is for.',
      }),
    ),
  },
  checkedByCode(
    notBoth(hasText('endpoint'), { properties: { provider: { not: { enum: ['openai_azure'] } } } }),
  ),
);

/** A key that an organization has, without the key itself. */
export const providerKeyResponse = Type.Object(
  {
    provider: modelProvider,
    hint: nullable(
      Type.String({
        description: 'The last characters of the key; null where they would tell too much of it.',
      }),
    ),
    endpoint: nullable(Type.String()),
    usable: Type.Boolean({
      description:
        'False: it was encrypted with a secret key that the server no longer has, and must be set again.',
    }),
    set_at: time,
    set_by: nullable(user),
  },
  { additionalProperties: true, title: 'ProviderKeyResponse' },
);

export type ProviderKeyRequest = Static<typeof providerKeyRequest>;
