import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AllowedHosts } from './allowed-hosts.ts';
import { addressRefused, hostNotFound } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

/** Finds all addresses of a host. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** Milliseconds until a connection has to stand. */
const connectTimeoutMs = 10_000;

const resolveBySystem: Resolve = (name) => dns.lookup(name, { all: true, order: 'verbatim' });

/**
 * Connections to places that a user chose. A name is resolved once per connection, every address
 * of it is vetted, and the connection is made to one of these: nobody asks a second time, so a name
 * that answers otherwise then gains nothing.
 *
 * @throws OutgoingRefusal, as the cause of what a request fails with.
 */
export function vettedAgent(allowed: AllowedHosts, resolve: Resolve = resolveBySystem): Agent {
  return new Agent({
    keepAliveTimeout: 30_000,
    connect(options, callback) {
      vettedAddresses(options.hostname, allowed, resolve).then(
        (addresses) => {
          const connect = buildConnector({
            timeout: connectTimeoutMs,
            lookup: answering(addresses),
          });
          connect(options, callback);
        },
        (error: Error) => callback(error, null),
      );
    },
  });
}

/**
 * The addresses of a host, when all of them may be connected to. One that may not refuses the host:
 * a name that leads to both is not to be trusted with either.
 *
 * @param host a name or an address, with or without brackets.
 * @throws OutgoingRefusal.
 */
export async function vettedAddresses(
  host: string,
  allowed: AllowedHosts,
  resolve: Resolve = resolveBySystem,
): Promise<readonly LookupAddress[]> {
  const name = host.startsWith('[') ? host.slice(1, -1) : host;
  const family = isIP(name);
  const addresses = family === 0 ? await resolved(name, resolve) : [{ address: name, family }];
  const isVetted =
    addresses.length > 0 &&
    addresses.every(
      ({ address }) =>
        isIP(address) !== 0 &&
        (isPublicAddress(address) || allowed.hasAddress(address) || allowed.hasName(name)),
    );
  if (!isVetted) throw addressRefused(host);
  return addresses;
}

async function resolved(name: string, resolve: Resolve): Promise<readonly LookupAddress[]> {
  try {
    return await resolve(name);
  } catch {
    throw hostNotFound(name);
  }
}

/** A look-up that knows these addresses, and asks nobody. */
function answering(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
