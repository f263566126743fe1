/** A server that replaces somebody else's, so that an example needs no key and no network. */
export interface StandIn {
  readonly url: string;
  stop(): void;
}
