import type { Timestamp } from '../kernel/clock.ts';
import type { Caller } from './callers.ts';
import { unauthenticated } from './errors.ts';
import { selectApiKeys } from './keys/key-queries.ts';
import {
  findMember,
  type Member,
  type Organization,
  selectOrganization,
} from './members/member-queries.ts';

/** Who makes a request, and for whom. */
export interface Me {
  readonly caller: Caller;
  readonly member: Member;
  readonly organization: Organization;
  /** What tells a key from others; null for a session. */
  readonly key: {
    readonly name: string;
    readonly hint: string;
    readonly expires_at: Timestamp | null;
  } | null;
}

/** Reads who makes a request. @throws `unauthenticated` when they are gone meanwhile. */
export async function readMe(caller: Caller): Promise<Me> {
  const { workspace, keyId } = caller;
  const [organization, member, [key]] = await Promise.all([
    selectOrganization(workspace),
    findMember(workspace, workspace.memberId ?? ''),
    keyId === null ? [] : selectApiKeys(workspace, { id: keyId }),
  ]);
  if (!member) throw unauthenticated('This API key is not valid.');
  return { caller, member, organization, key: key ?? null };
}
