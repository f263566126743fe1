import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { sessionQuery } from '../session/session.ts';
import { signOut } from '../session/sign-in.ts';
import { cx } from '../ui/cx.ts';
import { Menu } from '../ui/menu.tsx';

/** Who is signed in, and the way out. */
export function AccountMenu({ isFolded }: { readonly isFolded: boolean }) {
  const member = useQuery(sessionQuery).data?.member;
  const navigate = useNavigate();
  const name = member?.full_name || member?.email_address || 'You';
  return (
    <div className={isFolded ? '' : 'min-w-0 flex-1'}>
      <Menu
        trigger={
          <button
            type="button"
            className={cx(
              'flex h-8 max-w-full items-center gap-2 rounded-md hover:bg-hover coarse:h-10',
              isFolded ? 'px-1' : 'pr-2 pl-1',
            )}
          >
            <span
              aria-hidden
              className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-2xs font-semibold text-accent"
            >
              {initials(name)}
            </span>
            <span className={isFolded ? 'sr-only' : 'truncate text-fg-2'}>{name}</span>
          </button>
        }
        entries={() => [
          ...(member?.email_address
            ? [{ type: 'heading' as const, name: member.email_address }]
            : []),
          {
            type: 'action',
            name: 'Settings',
            run: () => void navigate({ to: '/settings' }),
          },
          {
            type: 'action',
            name: 'Sign out',
            run: () => void signOut(() => navigate({ to: '/login' })),
          },
        ]}
      />
    </div>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s.@]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}
