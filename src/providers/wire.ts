import type { Mender, Note } from './mender.ts';
import type { ModelEvent, Usage } from './provider.ts';
import type { Said } from './said.ts';

/** The format of a vendor's answers; several vendors share one. */
export interface Wire {
  /** Matches the last event of a stream, where there is one. */
  readonly streamEnd?: RegExp;
  /**
   * Starts a body to which the chunks of a stream are added.
   *
   * @param note is told of chunks that are passed over; packages have notes of their own.
   */
  fold(note?: Note): StreamFold;
  usage(body: unknown): Usage;
  /** What the model says in a body. The package's answer is checked against it. */
  said(body: unknown): Said;
  /**
   * Whether a stream that ended without its last event is complete. Without this function it is.
   */
  isWhole?(body: unknown): boolean;
  /** Whether an answer can do without a chunk that the package cannot read. */
  mayLeaveOut?(chunk: unknown): boolean;
  /** Makes one answer readable for the package. What the package still cannot read is left out. */
  mender?(note: Note): Mender;
  /** A part to keep beside the content of an answer, because the vendor wants it back. */
  wantedBack?(body: unknown): object | undefined;
  /**
   * The error in a chunk or a body, as `{ error: { type, message } }`, for vendors that report
   * errors in another form.
   */
  errorIn?(chunk: unknown): object | undefined;
}

/**
 * A wire whose answers we read ourselves: many servers speak it, each in its own way, and packages
 * refuse what they do not expect. The package makes the request only; see decision 15.
 */
export interface OwnWire extends Wire {
  fold(note?: Note): ReadingFold;
  /** Whether nothing comes after a chunk; undefined: the stream says so itself. */
  isEnd?(chunk: unknown): boolean;
  /** Notes what a body has and an answer cannot hold. */
  noteUnread(body: unknown, note: Note): void;
  /** In the vendor's own words, from a body or a chunk; undefined: it gives none. */
  finishReason(body: unknown): string | undefined;
  /** An empty answer, which the package is given in place of the vendor's. */
  readonly standIn: string;
}

/** Builds the body that the answer would have had without a stream. */
export interface StreamFold {
  /** Adds the next chunk; ignores chunks of an unknown shape. */
  add(chunk: unknown): void;
  /** The body from the chunks so far. */
  body(): unknown;
}

export interface ReadingFold extends StreamFold {
  /**
   * Adds the next chunk, and returns what it says.
   *
   * @throws Nonsense when the chunk cannot be read.
   */
  add(chunk: unknown): readonly ModelEvent[];
}

export function isOwnWire(wire: Wire): wire is OwnWire {
  return 'standIn' in wire;
}
