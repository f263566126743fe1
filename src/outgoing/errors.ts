/**
 * A request that was not sent, or whose answer was rejected. The message is a sentence for the user
 * who chose the address, and says nothing else about the network.
 */
export class OutgoingRefusal extends Error {
  override readonly name = 'OutgoingRefusal';
}

/** A refusal that only the operator can lift. */
export class AddressRefused extends OutgoingRefusal {
  /** A sentence for those who manage the server too. */
  readonly remedy = 'Its operator can allow it with `LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS`.';
}

/** @param host as it stands in the URL. */
export const addressRefused = (host: string) =>
  new AddressRefused(
    `The host ${host} is not on the public internet, and this server is not configured to allow it.`,
  );

/**
 * The refusal of a name. It is the same whether the name is unknown or has a private address: the
 * difference would tell which names there are in the network of the server.
 */
export class NameRefused extends AddressRefused {}

export const nameRefused = (host: string) =>
  new NameRefused(
    `The host ${host} is not on the public internet, or cannot be found, and this server is not configured to allow it.`,
  );

/** A host that the operator allows by its name. */
export const hostNotFound = (host: string) =>
  new OutgoingRefusal(`The host ${host} cannot be found.`);

/** @param reason a sentence. */
export const urlRefused = (reason: string) => new OutgoingRefusal(reason);

export const tooManyRedirects = (most: number) =>
  new OutgoingRefusal(`The server redirected more than ${most} times.`);

export const redirectRefused = (reason: string) =>
  new OutgoingRefusal(`The server redirected to an address that is not allowed. ${reason}`);

/** @param setting the one that has the limit, if there is one. */
export const answerTooLong = (bytes: number, setting?: string) =>
  new OutgoingRefusal(
    `The server answered with more than ${bytes} bytes${setting ? `, which is the limit (${setting})` : ''}.`,
  );

/** @param setting the one that has the limit, if there is one. */
export const tookTooLong = (milliseconds: number, setting?: string) =>
  new OutgoingRefusal(
    `The server did not answer within ${milliseconds / 1_000} seconds${setting ? `, which is the limit (${setting})` : ''}.`,
  );
