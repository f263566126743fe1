import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { whenUnauthenticated } from '../api/session-end.ts';
import { readEditorSearch } from '../editor/editor-search.ts';
import { pagesOf } from '../files/file-pages.ts';
import { kindOfId } from '../files/kind-of-id.ts';
import { readRowsSearch } from '../kinds/dataset/rows-search.ts';
import { readListSearch } from '../logs/list/list-search.ts';
import { readLogSearch } from '../logs/page/log-search.ts';
import { queryClient } from '../query/query-client.ts';
import { askToSignInAgain } from '../session/ended-session.ts';
import { sessionQuery } from '../session/session.ts';
import { Shell } from '../shell/shell.tsx';
import { readVersionsSearch } from '../versions/versions-search.ts';
import { CrashPage } from './crash-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { noted } from './noted-search.ts';
import { parseSearch, stringifySearch } from './search-text.ts';

// Every page of the UI, in the order of the addresses. Each is loaded when it is first shown.

const root = createRootRoute({ notFoundComponent: NotFoundPage });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: ({ next }: { next?: unknown }) => (isOwnPath(next) ? { next } : {}),
  component: lazyRouteComponent(() => import('../routes/login.tsx'), 'LoginPage'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../routes/setup.tsx'), 'SetupPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../routes/invitation.tsx'), 'InvitationPage'),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('../routes/reset.tsx'), 'ResetPage'),
});

/** All pages for which one must be signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/login', search: { next: location.href }, replace: true });
  },
  component: () => <Shell />,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('../routes/home.tsx'), 'HomePage'),
});

const directory = createRoute({
  getParentRoute: () => signedIn,
  path: '/dir/{-$dirId}',
  component: lazyRouteComponent(() => import('../routes/directory.tsx'), 'DirectoryPage'),
});

const file = createRoute({
  getParentRoute: () => signedIn,
  path: '/f/$fileId',
  beforeLoad: ({ params }) => {
    const kind = kindOfId(params.fileId);
    const [first] = kind ? pagesOf(kind) : [];
    throw redirect({ to: first?.to ?? '/f/$fileId/logs', params, replace: true });
  },
});

const fileEditor = createRoute({
  getParentRoute: () => signedIn,
  path: '/f/$fileId/editor',
  validateSearch: readEditorSearch,
  component: lazyRouteComponent(() => import('../routes/file-editor.tsx'), 'FileEditorPage'),
});

const fileRows = createRoute({
  getParentRoute: () => signedIn,
  path: '/f/$fileId/rows',
  validateSearch: readRowsSearch,
  component: lazyRouteComponent(() => import('../routes/file-rows.tsx'), 'FileRowsPage'),
});

const fileVersions = createRoute({
  getParentRoute: () => signedIn,
  path: '/f/$fileId/versions',
  validateSearch: readVersionsSearch,
  component: lazyRouteComponent(() => import('../routes/file-versions.tsx'), 'FileVersionsPage'),
});

const fileLogs = createRoute({
  getParentRoute: () => signedIn,
  path: '/f/$fileId/logs',
  validateSearch: noted(readListSearch),
  component: lazyRouteComponent(() => import('../routes/file-logs.tsx'), 'FileLogsPage'),
});

const fileAbout = createRoute({
  getParentRoute: () => signedIn,
  path: '/f/$fileId/about',
  component: lazyRouteComponent(() => import('../routes/file-about.tsx'), 'FileAboutPage'),
});

const logs = createRoute({
  getParentRoute: () => signedIn,
  path: '/logs',
  validateSearch: noted(readListSearch),
  component: lazyRouteComponent(() => import('../routes/logs.tsx'), 'LogsPage'),
});

const log = createRoute({
  getParentRoute: () => signedIn,
  path: '/logs/$logId',
  validateSearch: noted(readLogSearch),
  component: lazyRouteComponent(() => import('../routes/log.tsx'), 'LogPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/account', replace: true });
  },
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/account',
  component: lazyRouteComponent(() => import('../routes/account.tsx'), 'AccountPage'),
});

const members = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/members',
  component: lazyRouteComponent(() => import('../routes/members.tsx'), 'MembersPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/api-keys',
  component: lazyRouteComponent(() => import('../routes/api-keys.tsx'), 'ApiKeysPage'),
});

const providers = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/providers',
  component: lazyRouteComponent(() => import('../routes/providers.tsx'), 'ProvidersPage'),
});

const environments = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/environments',
  component: lazyRouteComponent(() => import('../routes/environments.tsx'), 'EnvironmentsPage'),
});

const appearance = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/appearance',
  component: lazyRouteComponent(() => import('../routes/appearance.tsx'), 'AppearancePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    setup,
    invitation,
    reset,
    signedIn.addChildren([
      ...[home, directory, file, fileEditor, fileRows, fileVersions, fileLogs, fileAbout],
      ...[logs, log],
      ...[settings, account, members, apiKeys, providers, environments, appearance],
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  // Pages read through the query cache, which knows what is fresh.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: CrashPage,
  // What no page knows is left out.
  search: { strict: true },
});

// In the middle of a session the page stays. Before one is signed in, `beforeLoad` leads to the sign-in.
whenUnauthenticated(() =>
  askToSignInAgain(queryClient.getQueryData(sessionQuery.queryKey) ?? undefined),
);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** A path of this server: a link must not lead from our sign-in to another host. */
function isOwnPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value);
}
