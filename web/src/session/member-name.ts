/** What somebody is called. */
export function memberName(
  member:
    | { readonly full_name?: string | null; readonly email_address?: string | null }
    | null
    | undefined,
): string {
  return member?.full_name || member?.email_address || 'Somebody';
}
