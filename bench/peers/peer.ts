import type { Program } from './program.ts';

/** A running peer, and the request that does what our server's request does. */
export interface Peer extends Program {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isWell: (answer: string) => boolean;
}
