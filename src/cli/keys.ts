import { styleText } from 'node:util';
import { createKey, listKeys, revokeKey } from '../administration.ts';
import { type Scope, scopes } from '../contract/accounts.ts';
import type { Given } from './command.ts';
import type { databaseOptions } from './options.ts';
import { printable, printableLines } from './printable.ts';
import { configWith } from './settings.ts';
import { aligned } from './table.ts';

type DatabaseOptions = Given<typeof databaseOptions>;

const dayMs = 86_400_000;

/** `create-key`: prints a new API key. */
export async function printNewKey(
  given: DatabaseOptions & { readonly 'expires-in-days'?: string; readonly scopes?: string },
  name: string,
): Promise<void> {
  const days = given['expires-in-days'];
  const lifetimeMs = days === undefined ? undefined : readDays(days) * dayMs;
  const chosen = given.scopes === undefined ? {} : { scopes: readScopes(given.scopes) };
  const options = { ...(lifetimeMs === undefined ? {} : { lifetimeMs }), ...chosen };
  console.log(await createKey(configWith(given), name, options));
}

/** `list-keys`: prints the API keys, as far as they may be shown. */
export async function printKeys(
  given: DatabaseOptions & { readonly json?: boolean },
): Promise<void> {
  const keys = await listKeys(configWith(given));
  console.log(given.json ? printableLines(JSON.stringify(keys, null, 2)) : keyTable(keys));
}

/** `revoke-key`: revokes an API key, and prints the consequences. */
export async function printRevoked(given: DatabaseOptions, named: string): Promise<void> {
  const { key, isNew, mayReturn, usableKeys } = await revokeKey(configWith(given), named);
  const lines = [
    isNew
      ? `Revoked ${keyName(key)}. Running servers refuse it within a second.`
      : `${keyName(key)} is already revoked.`,
  ];
  if (mayReturn) {
    lines.push(
      'LOOPWRIGHT_API_KEY is set to this key. The next start accepts it again, unless you change that setting.',
    );
  }
  if (usableKeys === 0) lines.push('No usable key is left. Create one: npm run create-key');
  console.log(lines.join('\n'));
}

type ApiKey = Awaited<ReturnType<typeof listKeys>>[number];

function readDays(text: string): number {
  const days = Number(text);
  if (!(days > 0 && days <= mostDays)) {
    throw new Error(`--expires-in-days must be a number of days up to ${mostDays}, not ${text}.`);
  }
  return days;
}

function readScopes(text: string): readonly Scope[] {
  const given = text.split(',').map((word) => word.trim());
  const wrong = given.find((word) => !scopes.includes(word as Scope));
  if (wrong === undefined) return [...new Set(given as Scope[])];
  throw new Error(`--scopes has no scope ${printable(wrong)}. Scopes: ${scopes.join(', ')}.`);
}

/** A hundred years. */
const mostDays = 36_500;

function keyName({ id, name, hint }: ApiKey): string {
  return `${id} (${printable(name)}, ${printable(hint)})`;
}

function keyTable(keys: readonly ApiKey[]): string {
  const [head = [], ...rows] = aligned([
    ['id', 'key', 'name', 'scopes', 'created', 'last used', 'expires', 'state'],
    ...keys.map((key) => [
      key.id,
      printable(key.hint),
      key.origin === 'environment' ? 'LOOPWRIGHT_API_KEY' : printable(key.name),
      key.scopes.join(','),
      minute(key.created_at),
      key.last_used_at === null ? 'never' : minute(key.last_used_at),
      key.expires_at === null ? 'never' : minute(key.expires_at),
      key.revoked_at === null ? key.state : `revoked ${minute(key.revoked_at)}`,
    ]),
  ]);
  return [
    styleText('bold', head.join('  ').trimEnd()),
    ...rows.map((cells, index) => {
      const line = cells.join('  ').trimEnd();
      return keys[index]?.state === 'usable' ? line : styleText('dim', line);
    }),
  ].join('\n');
}

/** `2026-11-29 14:05Z` */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')}Z`;
}
