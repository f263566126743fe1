import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Session } from '../../api/types.ts';
import { moment, wholeTime } from '../../format/time.ts';
import { signOut } from '../../session/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { toast } from '../../ui/toasts.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { endSession, sessionsQuery } from './account-queries.ts';
import { browserName } from './browser-name.ts';

/** Where the reader is signed in, and the end of each. */
export function SessionTable() {
  const query = useQuery(sessionsQuery);
  const navigate = useNavigate();
  const sessions = query.data ?? [];
  const others = sessions.filter(({ current }) => !current);
  const end = async (ended: readonly Session[]) => {
    await Promise.all(ended.map(({ id }) => endSession(id)));
    toast(ended.length === 1 ? 'Session ended' : `${ended.length} sessions ended`);
  };
  return (
    <SettingsSection
      title="Sessions"
      about="Where you are signed in. A session is over after 12 hours without a request."
      action={
        others.length > 1 && (
          <Button look="danger" onClick={() => void end(others)}>
            End all others
          </Button>
        )
      }
    >
      <SettingsTable
        label="Sessions"
        query={query}
        rows={sessions}
        keyOf={({ id }) => id}
        empty="You are here by an API key, not by a session."
        columns={[
          {
            name: 'Browser',
            isHead: true,
            grows: true,
            cell: ({ user_agent: agent, current }) => (
              <span className="flex items-center gap-2" title={agent ?? undefined}>
                {browserName(agent)}
                {current && <Chip>This one</Chip>}
              </span>
            ),
          },
          {
            name: 'Signed in',
            isExtra: true,
            align: 'right',
            cell: ({ created_at: at }) => <span title={wholeTime(at)}>{moment(at)}</span>,
          },
          {
            name: 'Last seen',
            align: 'right',
            cell: ({ last_seen_at: at }) => <span title={wholeTime(at)}>{moment(at)}</span>,
          },
          {
            name: 'End',
            hidesName: true,
            align: 'right',
            cell: (session) =>
              session.current ? (
                <Button size="small" onClick={() => void signOut(() => navigate({ to: '/login' }))}>
                  Sign out
                </Button>
              ) : (
                <Button
                  size="small"
                  aria-label={`End the session of ${browserName(session.user_agent)}`}
                  onClick={() => void end([session])}
                >
                  End
                </Button>
              ),
          },
        ]}
      />
    </SettingsSection>
  );
}
