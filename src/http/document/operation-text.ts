/** Example values, each by a name that it alone has in the whole document. */
export type Examples = Readonly<Record<string, unknown>>;

/** What a reader is told of an operation beside its schemas. */
export interface OperationText {
  /** A few words, for lists of operations. */
  readonly summary: string;
  /** What it does, and what cannot be seen from its schemas. */
  readonly description: string;
  /** What a success answers. */
  readonly returns: string;
  /** Of the body that is sent. */
  readonly request?: Examples;
  /** What the parts of a form are. */
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>;
  /** Of the body that a success answers. */
  readonly answer?: Examples;
  /** What a success answers where it is asked to stream. */
  readonly stream?: {
    /** What an event has. */
    readonly events: string;
    readonly examples: Examples;
  };
  /** Codes of refusals that are likely here, beside those that any operation has. */
  readonly refusals?: readonly string[];
  /** The code of a failure that its run is likely to end in. */
  readonly failure?: string;
}
