import type { Me } from '../../accounts/me.ts';
import { version } from '../../kernel/version.ts';

/**
 * Who makes a request, for whom, and where.
 *
 * @param publicUrl where people reach the server.
 */
export function meBody({ caller, member, organization, key }: Me, publicUrl: string) {
  const { type, id, scopes } = caller;
  const { email_address, full_name, role, appearance } = member;
  return {
    caller: {
      type,
      id,
      name: key?.name ?? null,
      hint: key?.hint ?? null,
      scopes: [...scopes],
      expires_at: key?.expires_at ?? null,
    },
    member: { id: member.id, email_address, full_name, role, appearance: appearance ?? 'system' },
    organization: { id: organization.id, name: organization.name },
    server: {
      version,
      public_url: publicUrl,
      features: { docs: true, mcp: false, openai: false, oidc: false, python: true },
    },
  };
}
