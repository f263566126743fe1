import type { StoredKey } from '../../accounts/keys/key-queries.ts';
import type { MadeKey } from '../../accounts/keys/manage-keys.ts';
import type { Invitation } from '../../accounts/links/link-queries.ts';
import type { Member } from '../../accounts/members/member-queries.ts';

/** An API key as all answers show it: without the key itself. */
export function apiKeyBody({ hash, state, ...key }: StoredKey) {
  return key;
}

/** An API key that was made now. */
export function madeKeyBody({ stored, key }: MadeKey) {
  return { ...apiKeyBody(stored), key };
}

/** A member. @param withEmail whether the reader may see the email address. */
export function memberBody(member: Member, withEmail: boolean) {
  const { id, email_address, full_name, role, status, last_seen_at, created_at } = member;
  return {
    id,
    email_address: withEmail ? email_address : null,
    full_name,
    role,
    status,
    last_seen_at,
    created_at,
  };
}

/** An invitation that was not accepted yet. */
export function invitationBody({ member_id, ...invitation }: Invitation) {
  return invitation;
}
