import type { TestOrigin } from './origin.ts';

/** What an attack has: a key of an organization, and a server of its own on the internet. */
export interface Attacker {
  /** Sends a request with the attacker's key. Whatever comes is read to its end. */
  send(method: string, path: string, body?: unknown, headers?: Headers): Promise<Said>;
  /** Opens a connection and writes these bytes. Resolves with what came until it was closed. */
  write(text: string): Promise<string>;
  /** A server that says what it likes. */
  readonly origin: TestOrigin;
  /** Aborted when the attack has had its time. */
  readonly signal: AbortSignal;
}

type Headers = Readonly<Record<string, string>>;

/** An answer, as far as attacks look at it; status 0: there was none. */
export interface Said {
  readonly status: number;
  /** The first million characters. */
  readonly text: string;
  /** How many characters there were. */
  readonly length: number;
}

/** Something that one client can do to a server, and must not do to its other clients. */
export interface Attack {
  readonly name: string;
  /** Part of the short form, which takes seconds. */
  readonly isShort?: true;
  play(attacker: Attacker): Promise<unknown>;
}

/** The JSON of an answer to a request that prepares an attack. */
// biome-ignore lint/suspicious/noExplicitAny: attacks reach into bodies whose shape they know
export function bodyOf({ status, text }: Said): any {
  if (status >= 300 || status === 0) throw new Error(`This prepares the attack: ${status} ${text}`);
  return JSON.parse(text);
}

/** Does something side by side, as often as it says. */
export function times<Result>(count: number, act: (index: number) => Promise<Result>) {
  return Promise.all(Array.from({ length: count }, (_, index) => act(index)));
}
