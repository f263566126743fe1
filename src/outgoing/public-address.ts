import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * IPv4 ranges that are not part of the public internet: IANA's IPv4 Special-Purpose Address
 * Registry, multicast, and the public address that Azure uses internally.
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

/** The only IPv6 range from which public addresses are assigned; everything else is refused. */
const publicIPv6 = ['2000::/3'];

/**
 * Parts of it that are not public, or that embed an IPv4 address, which would need a check of its
 * own.
 */
const specialIPv6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
];

const refusedIPv4 = toBlockList(specialIPv4);
const allowedIPv6 = toBlockList(publicIPv6);
const refusedIPv6 = toBlockList(specialIPv6);

/** Whether a text is an IP address of the public internet. */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) names an interface of this machine.
  if (isIP(address) === 0 || address.includes('%')) return false;
  if (isIPv4(address)) return !refusedIPv4.check(address, 'ipv4');
  return allowedIPv6.check(address, 'ipv6') && !refusedIPv6.check(address, 'ipv6');
}

/** @param ranges addresses with a prefix length: `10.0.0.0/8`. */
export function toBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', length] = range.split('/');
    list.addSubnet(address, Number(length), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}
