import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';

/** Somebody who can sign in. */
export interface Account {
  readonly organizationId: string;
  readonly memberId: string;
  readonly emailAddress: string;
  readonly password: string;
}

/** The account with an email address. Looks across organizations: only the address is known. */
export async function findAccount(
  { db }: Pick<Database, 'db'>,
  emailAddress: string,
): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    SELECT organization_id AS "organizationId", id AS "memberId",
      email_address AS "emailAddress", password FROM member
    WHERE lower(email_address) = lower(${emailAddress}) AND password IS NOT NULL
      AND status = 'active'`.execute(db);
  return rows[0];
}
