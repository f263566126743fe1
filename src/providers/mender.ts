/**
 * Makes what a vendor sent readable for its package, which refuses a whole answer for one field that
 * it does not expect. What cannot be mended is left out by itself, with a note.
 *
 * A mender belongs to one answer.
 */
export interface Mender {
  /** Undefined: the package reads the stream as it comes. */
  readonly events?: EventMender;
  /** The body to read in place of one that came without a stream. */
  body(body: unknown): unknown;
  /** The same with nothing but text, thinking and calls, for a package that cannot read the rest. */
  essence(body: unknown): unknown;
}

/** Mends the events of a stream. */
export interface EventMender {
  /** The events to read in place of the next one. */
  add(event: unknown): readonly unknown[];
  /** Whether the answer is whole, though its stream may go on. */
  isFinished(): boolean;
  /** The events that are missing at the end of the stream. */
  end(): readonly unknown[];
}

/** Notes what was left out. It continues a sentence: `a block of the unknown kind \`hologram\``. */
export type Note = (what: string) => void;
