/** The pages of the settings, in the order of their links. */
export const settingsSections = [
  { to: '/settings/account', name: 'Account' },
  { to: '/settings/members', name: 'Members' },
  { to: '/settings/api-keys', name: 'API keys' },
  { to: '/settings/providers', name: 'Providers' },
  { to: '/settings/environments', name: 'Environments' },
  { to: '/settings/appearance', name: 'Appearance' },
] as const;
