import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AllowedHosts } from './allowed-hosts.ts';
import { addressRefused, hostNotFound, nameRefused } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

/** Finds all addresses of a host. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** Connections to one origin at once. Further requests wait for one to be free. */
const mostConnections = 256;

/** The longest time to open a connection. */
const connectTimeoutMs = 10_000;

const resolveBySystem: Resolve = (name) => dns.lookup(name, { all: true, order: 'verbatim' });

/**
 * An agent for connections to addresses that users choose. It resolves a name once per connection,
 * checks all of its addresses, and connects to one of these. A second lookup could return another,
 * forbidden address (DNS rebinding).
 *
 * @param limits milliseconds of silence; 0: none, for callers that have limits of their own.
 * @throws OutgoingRefusal, as the cause of the error with which a request fails.
 */
export function vettedAgent(
  allowed: AllowedHosts,
  resolve: Resolve = resolveBySystem,
  limits: Pick<Agent.Options, 'headersTimeout' | 'bodyTimeout'> = {},
): Agent {
  return new Agent({
    ...limits,
    keepAliveTimeout: 30_000,
    connections: mostConnections,
    connect(options, callback) {
      vettedAddresses(options.hostname, allowed, resolve).then(
        (addresses) => {
          const connect = buildConnector({
            timeout: connectTimeoutMs,
            lookup: fixedLookup(addresses),
          });
          connect(options, callback);
        },
        (error: Error) => callback(error, null),
      );
    },
  });
}

/**
 * The addresses of a host, if all of them are allowed. One forbidden address refuses the host: a
 * name that resolves to both cannot be trusted.
 *
 * @param host a name or an address, with or without brackets.
 * @throws OutgoingRefusal when an address is not allowed, or the name does not resolve.
 */
export async function vettedAddresses(
  host: string,
  allowed: AllowedHosts,
  resolve: Resolve = resolveBySystem,
): Promise<readonly LookupAddress[]> {
  const name = host.startsWith('[') ? host.slice(1, -1) : host;
  const family = isIP(name);
  const addresses =
    family === 0 ? await resolved(name, allowed, resolve) : [{ address: name, family }];
  const isVetted =
    addresses.length > 0 &&
    addresses.every(
      ({ address }) =>
        isIP(address) !== 0 &&
        (isPublicAddress(address) || allowed.hasAddress(address) || allowed.hasName(name)),
    );
  if (!isVetted) throw family === 0 ? nameRefused(host) : addressRefused(host);
  return addresses;
}

async function resolved(
  name: string,
  allowed: AllowedHosts,
  resolve: Resolve,
): Promise<readonly LookupAddress[]> {
  try {
    return await resolve(name);
  } catch {
    throw allowed.hasName(name) ? hostNotFound(name) : nameRefused(name);
  }
}

/** A lookup function that returns these addresses without a DNS query. */
function fixedLookup(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
