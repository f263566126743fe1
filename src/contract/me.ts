import { type Static, Type } from 'typebox';
import {
  appearance,
  displayName,
  givenPassword,
  newPassword,
  open,
  roleSchema,
  scopeSchema,
} from './accounts.ts';
import { checkedByCode, isGiven, notBoth } from './checked-by-code.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { time } from './time.ts';

/** Who makes a request, for whom, and where. */
export const meProperties = {
  caller: Type.Object(
    {
      type: oneOf(['key', 'session']),
      id: Type.String(),
      name: nullable(Type.String({ description: 'Of a key.' })),
      hint: nullable(Type.String({ description: 'Of a key: its first characters.' })),
      scopes: Type.Array(scopeSchema, { description: 'What it may do now.' }),
      expires_at: nullable(time),
    },
    open,
  ),
  member: Type.Object(
    {
      id: Type.String(),
      email_address: Type.String(),
      full_name: nullable(Type.String()),
      role: roleSchema,
      appearance,
    },
    open,
  ),
  organization: Type.Object({ id: Type.String(), name: Type.String() }, open),
  server: Type.Object(
    {
      version: Type.String(),
      public_url: Type.String(),
      features: Type.Record(Type.String(), Type.Boolean()),
    },
    open,
  ),
};

export const meResponse = Type.Object(meProperties, { ...open, title: 'MeResponse' });

/** What signed-in members may change of themselves. A field that is left out stays as it is. */
export const ownAccountChange = Type.Object(
  {
    full_name: optional(displayName),
    appearance: optional(appearance),
    current_password: optional(givenPassword),
    new_password: optional({
      ...newPassword,
      description: 'As for every new password. It ends the member’s other sessions.',
    }),
  },
  checkedByCode({
    // A new password needs the one that there is.
    ...notBoth(isGiven('new_password'), { not: isGiven('current_password') }),
  }),
);

/** A session of the member. */
export const sessionResponse = Type.Object(
  {
    id: Type.String(),
    created_at: time,
    last_seen_at: Type.Unsafe<string>({ ...time, description: 'At most a minute late.' }),
    user_agent: nullable(Type.String()),
    current: Type.Boolean({ description: 'True for the session of the request.' }),
  },
  { ...open, title: 'SessionResponse' },
);

export type OwnAccountChange = Static<typeof ownAccountChange>;
