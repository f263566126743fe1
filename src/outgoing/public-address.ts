import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * Ranges of IPv4 that are no place of the public internet, as IANA lists them (IPv4 Special-Purpose
 * Address Registry), with multicast, and with the one public address that Azure answers on inside.
 */
const specialIPv4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure, to its own machines
  '169.254.0.0/16', // link-local, metadata of clouds among it
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast among it
];

/** The only part of IPv6 that is given out as public addresses; all else is refused unnamed. */
const publicIPv6 = ['2000::/3'];

/** What of it is none, or holds an IPv4 address that would have to be vetted in its turn. */
const specialIPv6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
];

const refusedIPv4 = rangesOf(specialIPv4);
const allowedIPv6 = rangesOf(publicIPv6);
const refusedIPv6 = rangesOf(specialIPv6);

/** Whether an IP address is one of the public internet. Anything else than an address is not. */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) chooses an interface of this machine.
  if (isIP(address) === 0 || address.includes('%')) return false;
  if (isIPv4(address)) return !refusedIPv4.check(address, 'ipv4');
  return allowedIPv6.check(address, 'ipv6') && !refusedIPv6.check(address, 'ipv6');
}

/** @param ranges addresses with the length of their prefix: `10.0.0.0/8`. */
export function rangesOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', length] = range.split('/');
    list.addSubnet(address, Number(length), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}
