import { isIP, isIPv4 } from 'node:net';
import { toBlockList } from './public-address.ts';

/** The hosts outside the public internet that the operator lets users reach. */
export interface AllowedHosts {
  /** @param name the host as it stands in a URL. */
  hasName(name: string): boolean;
  hasAddress(address: string): boolean;
}

/** One label of a host name. */
const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Reads a comma-separated list of allowed hosts: addresses (`127.0.0.1`), ranges (`10.1.0.0/16`,
 * `fd00::/8`) and host names (`mcp.internal`). A name is allowed whatever it resolves to.
 *
 * @throws Error with a sentence that names the first entry that is none of these.
 */
export function readAllowedHosts(text: string): AllowedHosts {
  const entries = text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  const ranges = entries.flatMap(readRange);
  const names = new Set(
    entries.filter((entry) => readRange(entry).length === 0).map((entry) => readName(entry)),
  );
  const list = toBlockList(ranges);
  return {
    hasName: (name) => names.has(withoutDot(name)),
    hasAddress(address) {
      if (isIP(address) === 0 || address.includes('%')) return false;
      return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
    },
  };
}

function readRange(entry: string): string[] {
  const [address = '', length, ...rest] = entry.split('/');
  const bits = { 0: undefined, 4: 32, 6: 128 }[isIP(address)];
  if (bits === undefined || address.includes('%')) return [];
  if (length === undefined) return [`${address}/${bits}`];
  const isLength = rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits;
  return isLength ? [entry] : [];
}

function readName(entry: string): string {
  const name = withoutDot(entry);
  const isName = name.split('.').every((part) => label.test(part)) && !/^[\d.]+$/.test(name);
  if (isName) return name;
  throw new Error(`\`${entry}\` is not an address, a range of addresses or a host name.`);
}

function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
