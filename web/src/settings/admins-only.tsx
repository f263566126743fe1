import { Lock } from 'lucide-react';
import { useMe } from '../session/session.ts';

/** Why nothing can be changed here. */
export function AdminsOnly() {
  const role = useMe()?.member.role;
  return (
    <p className="flex items-center gap-2 rounded-lg bg-sunken px-3 py-2 text-fg-2">
      <Lock aria-hidden className="size-3.5 shrink-0 text-fg-3" />
      Admins change this{role ? `. Your role is ${role}` : ''}.
    </p>
  );
}
