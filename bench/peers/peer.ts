import type { Program } from './program.ts';

/** A peer that runs, and the request that does there what ours does here. */
export interface Peer extends Program {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isWell: (answer: string) => boolean;
}
