import type { Scope } from '../contract/accounts.ts';
import { PlatformError } from '../kernel/errors.ts';

export const unauthenticated = (message: string) =>
  new PlatformError('unauthenticated', 'unauthenticated', message);

export const insufficientScope = (scope: Scope) =>
  new PlatformError(
    'forbidden',
    'insufficient_scope',
    `This needs the scope \`${scope}\`, which the API key or the role of its member does not have.`,
  );

export const roleAboveYours = () =>
  new PlatformError(
    'forbidden',
    'role_above_yours',
    'This is about a role that may do more than yours. Ask a member who has it.',
  );

export const apiKeyNotFound = (id: string) =>
  new PlatformError('not_found', 'api_key_not_found', `There is no API key \`${id}\`.`);

export const memberNotFound = (id: string) =>
  new PlatformError('not_found', 'member_not_found', `There is no member \`${id}\`.`);

export const lastOwner = () =>
  new PlatformError(
    'conflict',
    'last_owner',
    'This is the last owner of the organization. Make another member an owner first.',
  );

export const alreadyAMember = (email: string) =>
  new PlatformError(
    'conflict',
    'already_a_member',
    `The email address ${email} is a member’s already, or has an account in another organization.`,
  );

export const invitationNotFound = (id: string) =>
  new PlatformError('not_found', 'invitation_not_found', `There is no invitation \`${id}\`.`);

export const linkNotFound = () =>
  new PlatformError(
    'not_found',
    'link_not_found',
    'This link has been used, has expired, or was replaced by a newer one. Ask for a new one.',
  );

export const wrongCredentials = () =>
  new PlatformError(
    'unauthenticated',
    'wrong_credentials',
    'The email address or the password is not right.',
  );

export const tooManyTries = (retryAfterSeconds: number) =>
  new PlatformError(
    'too_many',
    'too_many_tries',
    'There were too many attempts to sign in to this account, or from this address. Try again later.',
    { retryAfterSeconds },
  );

export const signInBusy = () =>
  new PlatformError(
    'unavailable',
    'sign_in_busy',
    'Too many people sign in at once. Try again in a moment.',
    { retryAfterSeconds: 5 },
  );

export const sessionNotFound = (id: string) =>
  new PlatformError('not_found', 'session_not_found', `There is no session \`${id}\`.`);
