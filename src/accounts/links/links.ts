import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import type { Workspace } from '../../database/workspace.ts';
import { type Timestamp, timestamp } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { linkNotFound } from '../errors.ts';
import { findLink, type Link, type Purpose, putLink, takeLink } from './link-queries.ts';

/** How long the links of each purpose work, in hours. */
const hours: Readonly<Record<Purpose, number>> = { setup: 24, invitation: 7 * 24, reset: 24 };

/** A link that was made now. It works once. */
export interface NewLink {
  readonly id: string;
  /** Where the link leads on a server: `/setup#…`. The token is in the fragment, which no proxy sees. */
  readonly path: string;
  readonly expiresAt: Timestamp;
}

/** Makes a link, in place of the one that there was for this purpose and member. */
export async function makeLink(
  workspace: Workspace,
  purpose: Purpose,
  memberId: string | null,
): Promise<NewLink> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = timestamp(new Date(Date.now() + hours[purpose] * 3_600_000));
  const id = await putLink(workspace, {
    id: newId('inv'),
    purpose,
    member_id: memberId,
    hash: hashOf(token),
    expires_at: expiresAt,
  });
  return { id, path: `/${purpose}#${token}`, expiresAt };
}

/**
 * Takes a link, which then works no more. Take it in the transaction of what it is for.
 *
 * @throws `link_not_found` for one that is unknown, used, replaced or expired.
 */
export async function useLink(
  database: Pick<Database, 'db'>,
  purpose: Purpose,
  token: string,
): Promise<Link> {
  const link = await takeLink(database, purpose, hashOf(token));
  if (!link) throw linkNotFound();
  return link;
}

/** Like {@link useLink}, but it works on. */
export async function readLink(database: Pick<Database, 'db'>, purpose: Purpose, token: string) {
  const link = await findLink(database, purpose, hashOf(token));
  if (!link) throw linkNotFound();
  return link;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
