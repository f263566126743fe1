import { describe, expect, test } from 'vitest';
import { readAllowedHosts } from './allowed-hosts.ts';

describe('an address is allowed', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.0', false],
    ['127.0.0.1', '127.0.0.2', false],
    ['10.1.0.0/16', '10.1.0.0', true],
    ['10.1.0.0/16', '10.1.255.255', true],
    ['10.1.0.0/16', '10.2.0.0', false],
    ['10.1.0.0/16', '10.0.255.255', false],
    ['10.1.2.3/32', '10.1.2.3', true],
    ['10.1.2.3/32', '10.1.2.2', false],
    ['0.0.0.0/0', '203.0.113.7', true],
    ['::1', '::1', true],
    ['::1', '::', false],
    ['fd00::/8', 'fdff::1', true],
    ['fd00::/8', 'fe00::1', false],
    ['::1/128', '::1', true],
    ['fe80::1', 'fe80::1%eth0', false],
    [' 10.0.0.1 , , mcp.internal', '10.0.0.1', true],
    ['mcp.internal', '10.0.0.1', false],
    ['10.0.0.0/8', 'mcp.internal', false],
    ['', '127.0.0.1', false],
  ])('by %j: %s, %s', (text, address, isAllowed) => {
    expect(readAllowedHosts(text).hasAddress(address)).toBe(isAllowed);
  });
});

describe('a name is allowed', () => {
  const longest = `${'a'.repeat(63)}.internal`;
  test.each([
    ['mcp.internal', 'mcp.internal', true],
    ['MCP.Internal', 'mcp.internal', true],
    ['mcp.internal', 'mcp.internal.', true],
    ['mcp.internal.', 'mcp.internal', true],
    ['mcp.internal', 'other.mcp.internal', false],
    ['mcp.internal', 'internal', false],
    ['a, b', 'b', true],
    ['_a.b-c.4d', '_a.b-c.4d', true],
    [longest, longest, true],
    ['127.0.0.1', '127.0.0.1', false],
    ['', '', false],
  ])('by %j: %s, %s', (text, name, isAllowed) => {
    expect(readAllowedHosts(text).hasName(name)).toBe(isAllowed);
  });
});

test.each([
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/0008',
  'fe80::1%eth0',
  '10.0.0',
  '300.1.1.1',
  'http://mcp.internal',
  'mcp.internal:80',
  '*.internal',
  'a..b',
  '-a.b',
  'a-.b',
  'a b',
  `${'a'.repeat(64)}.internal`,
])('%s is refused by its name', (entry) => {
  const refusal = `\`${entry}\` is not an address, a range of addresses or a host name.`;
  expect(() => readAllowedHosts(`127.0.0.1, ${entry}`)).toThrow(refusal);
});
