import { timestamp } from '../../kernel/clock.ts';
import { contentId } from '../../kernel/ids.ts';
import { apiKeyBody, memberBody } from '../wire/accounts.ts';
import { ada, at, versions } from './examples/files.ts';
import type { OperationText } from './operation-text.ts';

type Operations = Readonly<Record<string, OperationText>>;

const server = 'https://loopwright.example.com';
/** Made up: no server has made it. */
const key = 'lw_sk_ExampleExampleExampleExample000000000';
const later = timestamp(new Date(Date.parse(at('08:15:00')) + 90 * 86_400_000));

const apiKey = apiKeyBody({
  id: contentId('key', 'nightly'),
  name: 'Nightly evaluation',
  hash: Buffer.alloc(0),
  hint: `${key.slice(0, 10)}…`,
  scopes: ['run', 'read'],
  member: ada,
  origin: 'made',
  created_at: at('08:15:00'),
  created_by: ada,
  last_used_at: at('08:16:00'),
  expires_at: later,
  revoked_at: null,
  state: 'usable',
});
const newKey = { ...apiKey, last_used_at: null };

const ofApiKeys: Operations = {
  api_keys_list: {
    summary: 'List API keys',
    description:
      'Your own keys; with `admin`, those of all members. Keys that were revoked or have expired stay in the list.',
    returns: 'The keys, usable ones first, without the keys themselves.',
    answer: { ApiKeys: [apiKey] },
  },
  api_keys_create: {
    summary: 'Create an API key',
    description:
      'Makes a key for you or, with `admin`, for another member. A key that makes one gives it no scope that it lacks, and no later expiry than its own.',
    returns: 'The key, which is shown only once.',
    request: {
      NewApiKey: { name: 'Nightly evaluation', scopes: ['run', 'read'], expires_in_days: 90 },
    },
    answer: { ApiKeyCreated: { ...newKey, key } },
    refusals: ['insufficient_scope', 'role_above_yours', 'member_not_found'],
    unkeyed: true,
  },
  api_keys_update: {
    summary: 'Change an API key',
    description: 'Changes the name of a key, or makes it expire earlier.',
    returns: 'The key as it is now.',
    request: { ApiKeyChange: { name: 'Weekly evaluation' } },
    answer: { ApiKeyChanged: { ...apiKey, name: 'Weekly evaluation' } },
    refusals: ['api_key_not_found'],
  },
  api_keys_delete: {
    summary: 'Revoke an API key',
    description:
      'Revokes a key: this server refuses it at once, others of the same database within a second. It stays in the list.',
    returns: 'No content.',
    refusals: ['api_key_not_found'],
    unkeyed: true,
  },
  api_keys_rotate: {
    summary: 'Replace an API key',
    description:
      'Makes a key with the name, scopes and expiry of another, which also counts as having made the logs of that one. The old key works for `overlap_hours` more.',
    returns: 'The new key, which is shown only once.',
    request: { Rotation: { overlap_hours: 24 } },
    answer: { ApiKeyReplaced: { ...newKey, id: contentId('key', 'nightly again'), key } },
    refusals: ['api_key_not_found', 'insufficient_scope'],
    unkeyed: true,
  },
};

const grace = memberBody(
  {
    id: contentId('usr', 'grace'),
    email_address: 'grace@example.com',
    full_name: 'Grace Hopper',
    role: 'editor',
    status: 'active',
    appearance: null,
    last_seen_at: at('08:16:00'),
    created_at: at('08:00:00'),
  },
  true,
);

const link = (page: string) => ({
  url: `${server}/${page}#3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`,
  expires_at: later,
});

const ofMembers: Operations = {
  members_list: {
    summary: 'List members',
    description: 'The people of your organization, also those who are invited or were removed.',
    returns: 'The members, oldest first.',
    answer: { Members: [grace] },
  },
  members_get: {
    summary: 'Get a member',
    description: 'One member of your organization.',
    returns: 'The member.',
    answer: { Member: grace },
    refusals: ['member_not_found'],
  },
  members_update: {
    summary: 'Change the role of a member',
    description:
      'Gives a member another role. It applies to their sessions and keys at once, and within a second on other servers of the same database. Nobody gives a role above their own.',
    returns: 'The member as it is now.',
    request: { RoleChange: { role: 'viewer' } },
    answer: { MemberChanged: { ...grace, role: 'viewer' } },
    refusals: ['member_not_found', 'role_above_yours', 'last_owner'],
  },
  members_delete: {
    summary: 'Remove a member',
    description:
      'Ends the sessions of a member and revokes their keys. What they made stays, with their name.',
    returns: 'No content.',
    refusals: ['member_not_found', 'role_above_yours', 'last_owner'],
  },
  members_reset: {
    summary: 'Make a link to reset a password',
    description:
      'Makes a link with which a member sets a new password. No mail is sent: pass the link on. It works once, for a day.',
    returns: 'The link, which is shown only once.',
    answer: { ResetLink: link('reset') },
    refusals: ['member_not_found', 'role_above_yours'],
    unkeyed: true,
  },
};

const invitation = {
  id: contentId('inv', 'grace'),
  email_address: 'grace@example.com',
  role: 'editor',
  created_at: at('08:00:00'),
  expires_at: later,
};

const ofInvitations: Operations = {
  invitations_list: {
    summary: 'List invitations',
    description: 'The invitations that nobody has accepted yet, also those that have expired.',
    returns: 'The invitations, oldest first, without their links.',
    answer: { Invitations: [invitation] },
  },
  invitations_create: {
    summary: 'Invite somebody',
    description:
      'Makes a link with which somebody becomes a member. No mail is sent: pass the link on. It works once, for seven days.',
    returns: 'The link, which is shown only once.',
    request: { NewInvitation: { email_address: 'grace@example.com', role: 'editor' } },
    answer: { InvitationCreated: { id: invitation.id, ...link('invitation') } },
    refusals: ['already_a_member', 'role_above_yours'],
    unkeyed: true,
  },
  invitations_renew: {
    summary: 'Renew an invitation',
    description: 'Makes a new link for an invitation. The old link works no more.',
    returns: 'The link, which is shown only once.',
    answer: { InvitationRenewed: { id: invitation.id, ...link('invitation') } },
    refusals: ['invitation_not_found'],
    unkeyed: true,
  },
  invitations_delete: {
    summary: 'Withdraw an invitation',
    description: 'Its link works no more.',
    returns: 'No content.',
    refusals: ['invitation_not_found'],
  },
};

const organization = { id: contentId('org', 'Banking'), name: 'Banking' };

const ofOrganization: Operations = {
  organization_get: {
    summary: 'Get the organization',
    description: 'The organization of your key or session.',
    returns: 'The organization.',
    answer: { Organization: { ...organization, created_at: at('08:00:00') } },
  },
  organization_update: {
    summary: 'Rename the organization',
    description: 'Gives the organization another name.',
    returns: 'The organization as it is now.',
    request: { OrganizationChange: { name: 'Banking' } },
    answer: { OrganizationChanged: { ...organization, created_at: at('08:00:00') } },
  },
  organization_delete: {
    summary: 'Delete the organization',
    description:
      'Deletes the organization with all that it has: members, keys, files, versions, logs. It takes an owner who is signed in, and cannot be undone. A server without an organization makes a new one at its next start.',
    returns: 'No content.',
    refusals: ['session_required', 'role_above_yours'],
    unkeyed: true,
  },
};

const me = {
  caller: {
    type: 'session',
    id: contentId('ses', 'ada'),
    name: null,
    hint: null,
    scopes: ['run', 'read', 'write', 'admin'],
    expires_at: null,
  },
  member: { ...ada, role: 'owner', appearance: 'system' },
  organization,
  server: {
    version: '0.1.0',
    public_url: server,
    features: { docs: true, mcp: false, openai: false, oidc: false, python: true },
  },
};

const ofMe: Operations = {
  me_get: {
    summary: 'See who makes a request',
    description: 'The key or session of the request, its member, and what this server offers.',
    returns: 'Who makes the request.',
    answer: { Me: me },
  },
  me_update: {
    summary: 'Change your own account',
    description: 'Changes your name, how the pages look to you, or your password.',
    returns: 'Who makes the request.',
    request: { OwnAccountChange: { appearance: 'dark' } },
    answer: { MeChanged: { ...me, member: { ...me.member, appearance: 'dark' } } },
    refusals: ['session_required', 'too_many_tries'],
    unkeyed: true,
  },
  me_list_sessions: {
    summary: 'List your sessions',
    description: 'Where you are signed in. A session is over after 12 hours without a request.',
    returns: 'Your sessions, newest first.',
    answer: {
      Sessions: [
        {
          id: me.caller.id,
          created_at: at('08:00:00'),
          last_seen_at: at('08:16:00'),
          user_agent: 'Mozilla/5.0',
          current: true,
        },
      ],
    },
    refusals: ['session_required'],
  },
  me_end_session: {
    summary: 'End one of your sessions',
    description: 'Signs you out there. It may be the session of the request.',
    returns: 'No content.',
    refusals: ['session_required', 'session_not_found'],
  },
};

const ofAuth: Operations = {
  auth_get: {
    summary: 'See whether the server has an owner',
    description:
      'Tells who is not signed in what to do. A server without an owner is set up by the link that it printed; until then nobody can sign in.',
    returns: 'Whether there is an owner.',
    answer: { SignInState: { claimed: true } },
  },
  auth_sign_in: {
    summary: 'Sign in',
    description:
      'Starts a session, which a cookie holds. After five wrong passwords for an account, or twenty from an address, each further try has to wait, twice as long every time, up to an hour.',
    returns: 'Who is signed in. The cookie is set.',
    request: { SignIn: { email_address: ada.email_address, password: 'four random words here' } },
    answer: { SignedIn: me },
    refusals: ['wrong_credentials', 'too_many_tries', 'cross_site_request'],
    unkeyed: true,
  },
  auth_sign_out: {
    summary: 'Sign out',
    description: 'Ends the session of the cookie, if there is one.',
    returns: 'No content. The cookie is cleared.',
    refusals: ['cross_site_request'],
    unkeyed: true,
  },
  auth_get_invitation: {
    summary: 'See an invitation',
    description: 'What the link of an invitation is to.',
    returns: 'The invitation.',
    answer: {
      OpenInvitation: {
        organization: { name: organization.name },
        email_address: invitation.email_address,
        role: invitation.role,
        expires_at: invitation.expires_at,
      },
    },
    refusals: ['link_not_found'],
  },
  auth_accept_invitation: {
    summary: 'Accept an invitation',
    description: 'Makes whoever was invited a member with a password, and signs them in.',
    returns: 'Who is signed in. The cookie is set.',
    request: { Acceptance: { full_name: 'Grace Hopper', password: 'four random words here' } },
    answer: { InvitationAccepted: me },
    refusals: ['link_not_found'],
    unkeyed: true,
  },
  auth_get_reset: {
    summary: 'See a reset link',
    description: 'Whom a link for a new password is for.',
    returns: 'Whose password it sets.',
    answer: {
      OpenReset: { email_address: ada.email_address, expires_at: invitation.expires_at },
    },
    refusals: ['link_not_found'],
  },
  auth_reset_password: {
    summary: 'Set a new password',
    description:
      'Sets the password of the member whom a reset link is for, ends all their sessions, and signs them in.',
    returns: 'Who is signed in. The cookie is set.',
    request: { PasswordReset: { password: 'four random words here' } },
    answer: { PasswordSet: me },
    refusals: ['link_not_found'],
    unkeyed: true,
  },
  auth_set_up: {
    summary: 'Set the server up',
    description:
      'Makes the owner of the organization, with a first API key, and signs them in. The server prints the link at its start, as long as there is no owner.',
    returns: 'Who is signed in, and the key, which is shown only once. The cookie is set.',
    request: {
      Setup: {
        token: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
        full_name: 'Ada Lovelace',
        email_address: ada.email_address,
        password: 'four random words here',
        organization: organization.name,
      },
    },
    answer: { SetUp: { ...me, api_key: { ...newKey, key } } },
    refusals: ['link_not_found'],
    unkeyed: true,
  },
};

const staging = {
  id: contentId('env', 'staging'),
  created_at: at('08:00:00'),
  name: 'staging',
  tag: 'other',
  deployers: 'editors',
  deployments_count: 3,
};

const ofEnvironments: Operations = {
  environments_list: {
    summary: 'List environments',
    description: 'Where versions of files are deployed to.',
    returns: 'The environments, oldest first.',
    answer: { Environments: [staging] },
  },
  environments_create: {
    summary: 'Create an environment',
    description: 'Makes an environment, to which nothing is deployed yet.',
    returns: 'The environment.',
    request: { NewEnvironment: { name: 'review', deployers: 'admins' } },
    answer: {
      EnvironmentCreated: {
        ...staging,
        id: contentId('env', 'review'),
        name: 'review',
        deployers: 'admins',
        deployments_count: 0,
      },
    },
    refusals: ['environment_name_taken'],
  },
  environments_update: {
    summary: 'Change an environment',
    description:
      'Changes its name, who deploys to it, or makes it the default environment. Logs keep the name that it had.',
    returns: 'The environment as it is now.',
    request: { EnvironmentChange: { deployers: 'admins' } },
    answer: { EnvironmentChanged: { ...staging, deployers: 'admins' } },
    refusals: ['environment_not_found', 'environment_name_taken'],
  },
  environments_delete: {
    summary: 'Delete an environment',
    description:
      'Deletes an environment. With `force`, what is deployed to it is taken away first, and so is the monitoring that follows it. Logs keep its name.',
    returns: 'No content.',
    refusals: ['environment_not_found', 'environment_is_default', 'environment_in_use'],
  },
};

const ofDeployments: Operations = {
  deployments_list: {
    summary: 'List deployments',
    description: 'Which version of each file is deployed to which environment.',
    returns: 'The files of which something is deployed, by path.',
    answer: {
      Deployments: {
        records: [
          {
            id: versions.agent.id,
            type: 'agent',
            path: versions.agent.path,
            deployments: [
              {
                environment_id: staging.id,
                version_id: versions.agent.versionId,
                version_name: null,
                deployed_at: at('08:16:00'),
              },
            ],
          },
        ],
        page: 1,
        size: 10,
        total: 1,
      },
    },
  },
};

/** Texts and examples of the operations on members, their keys and sessions, and environments. */
export const accountOperations: Operations = {
  ...ofAuth,
  ...ofMe,
  ...ofOrganization,
  ...ofMembers,
  ...ofInvitations,
  ...ofApiKeys,
  ...ofEnvironments,
  ...ofDeployments,
};
