import { expect, it } from 'vitest';
import { readWebUrl } from '../kernel/web-url.ts';
import { readAllowedHosts } from './allowed-hosts.ts';
import { OutgoingRefusal } from './errors.ts';
import { isPublicAddress } from './public-address.ts';
import { vettedAddresses } from './vetted-agent.ts';

const nothing = readAllowedHosts('');

it.each([
  ['the first address of all', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['private', '10.0.0.1'],
  ['the last of a private range', '10.255.255.255'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['the end of carrier-grade NAT', '100.127.255.254'],
  ['the metadata of Alibaba', '100.100.100.200'],
  ['loopback', '127.0.0.1'],
  ['loopback, far up', '127.255.255.254'],
  ['the inside of Azure', '168.63.129.16'],
  ['link-local', '169.254.0.1'],
  ['the metadata of clouds', '169.254.169.254'],
  ['the credentials of containers', '169.254.170.2'],
  ['private, from 172.16', '172.16.0.1'],
  ['private, up to 172.31', '172.31.255.255'],
  ['protocol assignments', '192.0.0.8'],
  ['documentation', '192.0.2.1'],
  ['AS112', '192.31.196.1'],
  ['AMT', '192.52.193.1'],
  ['6to4 relays', '192.88.99.1'],
  ['private, 192.168', '192.168.1.1'],
  ['AS112, delegated', '192.175.48.1'],
  ['benchmarks', '198.18.0.1'],
  ['the end of benchmarks', '198.19.255.255'],
  ['documentation, the second', '198.51.100.7'],
  ['documentation, the third', '203.0.113.9'],
  ['multicast', '224.0.0.1'],
  ['multicast, administrative', '239.255.255.250'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['IPv6, unspecified', '::'],
  ['IPv6, loopback', '::1'],
  ['IPv6, loopback, spelled out', '0:0:0:0:0:0:0:1'],
  ['IPv6, IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv6, IPv4-mapped in hexadecimal', '::ffff:7f00:1'],
  ['IPv6, IPv4-mapped, of a public address', '::ffff:8.8.8.8'],
  ['IPv6, IPv4-translated', '::ffff:0:127.0.0.1'],
  ['IPv6, IPv4-compatible', '::127.0.0.1'],
  ['IPv6, NAT64', '64:ff9b::7f00:1'],
  ['IPv6, NAT64 of a local network', '64:ff9b:1::a00:1'],
  ['IPv6, discard', '100::1'],
  ['IPv6, Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['IPv6, benchmarks', '2001:2::1'],
  ['IPv6, ORCHID', '2001:10::1'],
  ['IPv6, ORCHID, the second', '2001:20::1'],
  ['IPv6, documentation', '2001:db8::1'],
  ['IPv6, documentation, the second', '3fff::1'],
  ['IPv6, 6to4 of a private address', '2002:a00:1::1'],
  ['IPv6, 6to4 of a public address', '2002:808:808::1'],
  ['IPv6, AS112', '2620:4f:8000::1'],
  ['IPv6, segment routing', '5f00::1'],
  ['IPv6, not given out', '4000::1'],
  ['IPv6, unique local', 'fc00::1'],
  ['IPv6, the metadata of AWS', 'fd00:ec2::254'],
  ['IPv6, link-local', 'fe80::1'],
  ['IPv6, link-local with a zone', 'fe80::1%eth0'],
  ['IPv6, public with a zone', '2606:4700::1111%eth0'],
  ['IPv6, site-local', 'fec0::1'],
  ['IPv6, multicast', 'ff02::1'],
  ['IPv6, multicast of the world', 'ff0e::1'],
  ['no address', 'localhost'],
  ['nothing', ''],
  ['an address with blanks', ' 8.8.8.8'],
  ['an address in octal', '010.0.0.1'],
])('an address that is %s is not public: %s', (_what, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each([
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.17',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2003::1',
  '2606:4700::1111',
  '2a00:1450:4001::200e',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each([
  ['in octal', 'http://0177.0.0.1/'],
  ['in hexadecimal', 'http://0x7f.0.0.1/'],
  ['as one number', 'http://2130706433/'],
  ['as one hexadecimal number', 'http://0x7f000001/'],
  ['as one octal number', 'http://017700000001/'],
  ['in two parts', 'http://127.1/'],
  ['in three parts', 'http://10.0.1/'],
  ['with a trailing dot', 'http://127.0.0.1./'],
  ['as zero', 'http://0/'],
  ['in full-width digits', 'http://１２７.０.０.１/'],
  ['in circled digits', 'http://①②⑦.⓪.⓪.①/'],
  ['with ideographic dots', 'http://127。0。0。1/'],
  ['with escapes', 'http://%31%32%37.0.0.1/'],
  ['with a soft hyphen', 'http://127.0.0\u00ad.1/'],
  ['without slashes', 'http:127.0.0.1'],
  ['with backslashes', 'http:\\\\127.0.0.1\\'],
  ['with a tab', 'http://127.0.\t0.1/'],
  ['with a port', 'http://127.0.0.1:6379/'],
  ['in IPv6', 'http://[::1]/'],
  ['in IPv6, all of it', 'http://[0000:0000:0000:0000:0000:0000:0000:0001]/'],
  ['in IPv6, mapped', 'http://[::ffff:127.0.0.1]/'],
  ['in IPv6, mapped in hexadecimal', 'http://[::ffff:7f00:1]/'],
  ['in IPv6, compatible', 'http://[::127.0.0.1]/'],
  ['in IPv6, by NAT64', 'http://[64:ff9b::127.0.0.1]/'],
  ['in IPv6, by 6to4', 'http://[2002:7f00:1::]/'],
])('a private address is found out when it is written %s', async (_how, text) => {
  const url = readWebUrl(text);
  if (typeof url === 'string') throw new Error(url);
  await expect(vettedAddresses(url.hostname, nothing)).rejects.toThrow(OutgoingRefusal);
});

it.each([
  ['a file', 'file:///etc/passwd'],
  ['FTP', 'ftp://example.com/'],
  ['data', 'data:text/plain,hello'],
  ['gopher', 'gopher://example.com/'],
  ['a script', 'javascript:alert(1)'],
  ['a blob', 'blob:http://example.com/1'],
  ['a socket', 'unix:/var/run/docker.sock'],
  ['a web socket', 'ws://example.com/'],
  ['nothing', ''],
  ['a path', '/mcp'],
  ['no host', 'http://'],
  ['a number out of range', 'http://256.1.1.1/'],
  ['too many parts', 'http://1.2.3.4.5/'],
  ['a zone', 'http://[fe80::1%25eth0]/'],
  ['a blank in the host', 'http://exam ple.com/'],
  ['a user', 'http://user@example.com/'],
  ['a user and a password', 'http://user:password@example.com/'],
  ['a password alone', 'http://:password@example.com/'],
  ['a user who looks like a host', 'http://example.com@10.0.0.1/'],
])('a URL with %s is refused', (_what, text) => {
  const reason = readWebUrl(text);
  expect(reason).toEqual(expect.stringMatching(/^[A-Z].+\.$/));
  expect(reason).not.toContain('password@');
});

it.each([
  ['http://example.com', 'http://example.com/'],
  ['https://EXAMPLE.com:443/mcp?a=b#c', 'https://example.com/mcp?a=b'],
  ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ['https://example.com./', 'https://example.com./'],
])('%s is a URL to go to', (text, href) => {
  expect(String(readWebUrl(text))).toBe(href);
});

it.each([
  ['only private ones', ['10.0.0.1']],
  ['a private one after a public one', ['1.1.1.1', '127.0.0.1']],
  ['a private one before a public one', ['169.254.169.254', '1.1.1.1']],
  ['IPv6 loopback beside a public IPv4', ['1.1.1.1', '::1']],
  ['a mapped address', ['::ffff:10.0.0.1']],
  ['a zone', ['fe80::1%lo']],
  ['no address', ['localhost']],
  ['nothing at all', []],
])('a name that resolves to %s is refused', async (_what, addresses) => {
  await expect(vettedAddresses('name.test', nothing, resolving(addresses))).rejects.toThrow(
    'The host name.test is not on the public internet, or cannot be found, and this server is not configured to allow it.',
  );
});

it('a name that resolves to public addresses has all of them, in their order', async () => {
  const resolve = resolving(['2606:4700::1111', '1.1.1.1']);
  expect(await vettedAddresses('name.test', nothing, resolve)).toEqual([
    { address: '2606:4700::1111', family: 6 },
    { address: '1.1.1.1', family: 4 },
  ]);
});

it('a name that cannot be resolved is refused as one that is private, without what the resolver said', async () => {
  const resolve = () => Promise.reject(new Error('queryA ETIMEOUT at 10.0.0.53'));
  const told = (resolve: Parameters<typeof vettedAddresses>[2]) =>
    vettedAddresses('name.test', nothing, resolve).catch((error: Error) => error);
  expect(await told(resolve)).toEqual(await told(resolving(['10.0.0.1'])));
  expect(await told(resolve)).toBeInstanceOf(OutgoingRefusal);
});

it('a name that the operator allows and that cannot be resolved is told of', async () => {
  const resolve = () => Promise.reject(new Error('queryA ETIMEOUT at 10.0.0.53'));
  await expect(
    vettedAddresses('name.test', readAllowedHosts('name.test'), resolve),
  ).rejects.toThrow(/^The host name\.test cannot be found\.$/);
});

it.each(['localhost', 'localhost.', 'LOCALHOST'])(
  '%s is resolved by the system, and refused',
  async (name) => {
    const { hostname } = new URL(`http://${name}/`);
    await expect(vettedAddresses(hostname, nothing)).rejects.toThrow(OutgoingRefusal);
  },
);

it.each([
  ['an address', '127.0.0.1', '127.0.0.1', true],
  ['an address, and not its neighbour', '127.0.0.1', '127.0.0.2', false],
  ['a range', '10.1.0.0/16', '10.1.255.255', true],
  ['a range, and not what is beside it', '10.1.0.0/16', '10.2.0.0', false],
  ['a range, for its mapped form', '10.1.0.0/16', '::ffff:10.1.2.3', true],
  ['a range of IPv6', 'fd00::/8', 'fd12::1', true],
  ['a range of IPv6, and no IPv4', 'fd00::/8', '10.0.0.1', false],
  ['several', ' 10.0.0.1 , ::1,192.168.0.0/24,', '192.168.0.9', true],
  ['never a zone', 'fe80::/10', 'fe80::1%eth0', false],
])('the operator can allow %s', (_what, setting, address, isAllowed) => {
  expect(readAllowedHosts(setting).hasAddress(address)).toBe(isAllowed);
});

it('the operator can allow a name, whatever it resolves to, and no other', async () => {
  const allowed = readAllowedHosts('MCP.internal., other.internal');
  const resolve = resolving(['10.0.0.1']);
  expect(await vettedAddresses('mcp.internal', allowed, resolve)).toHaveLength(1);
  expect(await vettedAddresses('mcp.internal.', allowed, resolve)).toHaveLength(1);
  for (const name of ['internal', 'a.mcp.internal', 'mcp.internal.test']) {
    await expect(vettedAddresses(name, allowed, resolve)).rejects.toThrow(OutgoingRefusal);
  }
});

it('an address in brackets is an address, and not asked for as a name', async () => {
  const never = async () => Promise.reject(new Error('It was asked for.'));
  expect(await vettedAddresses('[::1]', readAllowedHosts('::1'), never)).toEqual([
    { address: '::1', family: 6 },
  ]);
});

it('an address that an allowed range covers is no way to the rest of a name', async () => {
  const allowed = readAllowedHosts('10.0.0.0/24');
  await expect(
    vettedAddresses('name.test', allowed, resolving(['10.0.0.1', '10.0.1.1'])),
  ).rejects.toThrow(OutgoingRefusal);
});

it.each([
  '10.0.0.0/33',
  '10.0.0/8',
  '::1/129',
  '10.0.0.0/8/8',
  'http://mcp.internal',
  'mcp.internal:80',
  '*.internal',
  'fe80::1%eth0',
  '999.1.1.1',
  'a b',
])('a setting that allows %s is refused, and named', (entry) => {
  expect(() => readAllowedHosts(`10.0.0.1,${entry}`)).toThrow(`\`${entry}\``);
});

function resolving(addresses: readonly string[]) {
  return async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}
