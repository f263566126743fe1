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

export const hostNotFound = (host: string) =>
  new OutgoingRefusal(`The host ${host} cannot be found.`);

/** @param reason a sentence. */
export const urlRefused = (reason: string) => new OutgoingRefusal(reason);

export const tooManyRedirects = (most: number) =>
  new OutgoingRefusal(`The server redirected more than ${most} times.`);

export const redirectRefused = (reason: string) =>
  new OutgoingRefusal(`The server redirected to an address that is not allowed. ${reason}`);

export const answerTooLong = (bytes: number) =>
  new OutgoingRefusal(`The server answered with more than ${bytes} bytes.`);

export const tookTooLong = (milliseconds: number) =>
  new OutgoingRefusal(`The server did not answer within ${milliseconds / 1_000} seconds.`);
