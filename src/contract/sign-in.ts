import { type Static, Type } from 'typebox';
import {
  displayName,
  emailAddress,
  givenPassword,
  newPassword,
  open,
  roleSchema,
} from './accounts.ts';
import { madeApiKey } from './api-keys.ts';
import { meProperties } from './me.ts';
import { optional } from './nullable.ts';
import { time } from './time.ts';

export const signInRequest = Type.Object({
  email_address: Type.String({ minLength: 1, maxLength: 254 }),
  password: givenPassword,
});

/** What somebody who is not signed in needs to know. */
export const signInState = Type.Object(
  {
    claimed: Type.Boolean({
      description: 'Whether the organization has an owner who can sign in.',
    }),
  },
  { ...open, title: 'SignInStateResponse' },
);

/** What an invitation is to. */
export const openInvitation = Type.Object(
  {
    organization: Type.Object({ name: Type.String() }, open),
    email_address: Type.String(),
    role: roleSchema,
    expires_at: time,
  },
  { ...open, title: 'OpenInvitationResponse' },
);

export const invitationAcceptance = Type.Object({ full_name: displayName, password: newPassword });

/** Whom a link for a new password is for. */
export const openReset = Type.Object(
  { email_address: Type.String(), expires_at: time },
  { ...open, title: 'OpenResetResponse' },
);

export const passwordReset = Type.Object({ password: newPassword });

/** How a server is set up, with the link that it printed. */
export const setupRequest = Type.Object({
  token: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'What follows `#` in the link.',
  }),
  full_name: optional(displayName),
  email_address: emailAddress,
  password: newPassword,
  organization: optional({ ...displayName, description: 'The name of the organization.' }),
});

/** Who is signed in after a setup, and their first key. */
export const setupResponse = Type.Object(
  { ...meProperties, api_key: madeApiKey },
  { ...open, title: 'SetupResponse' },
);

export type InvitationAcceptance = Static<typeof invitationAcceptance>;
export type PasswordReset = Static<typeof passwordReset>;
export type SetupRequest = Static<typeof setupRequest>;
