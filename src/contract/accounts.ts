import { Type } from 'typebox';
import { checkedByCode } from './checked-by-code.ts';
import { oneOf } from './nullable.ts';

/** What a key or a session may do. `admin` includes the others; otherwise none includes another. */
export const scopes = ['run', 'read', 'write', 'admin'] as const;

export type Scope = (typeof scopes)[number];

export const scopeSchema = oneOf(scopes);

/** What a member may do, from most to least. */
export const roles = ['owner', 'admin', 'editor', 'viewer'] as const;

export type Role = (typeof roles)[number];

export const roleSchema = oneOf(roles);

/** How the pages look to a member. */
export const appearance = oneOf(['system', 'light', 'dark']);

/** The email address of a person, as they sign in with it. Case does not count. */
export const emailAddress = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@]+@[^\\s@]+$',
});

/** The name of a person, an organization or a key. */
export const displayName = Type.String({ minLength: 1, maxLength: 255 });

/** A password that is given; a new one has more rules, which code checks. */
export const givenPassword = Type.String({ minLength: 1, maxLength: 1_024 });

export const newPassword = Type.String({
  maxLength: 1_024,
  description:
    'Twelve characters or more, and none of the passwords that are guessed first. It is stored as a hash.',
  ...checkedByCode({ minLength: 12 }),
});

/** The body of an answer: it may have more fields. */
export const open = { additionalProperties: true } as const;
