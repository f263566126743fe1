/** Example values by name. A name is unique in the whole document. */
export type Examples = Readonly<Record<string, unknown>>;

/** What the document says of an operation, beside its schemas. */
export interface OperationText {
  /** A few words, for lists of operations. */
  readonly summary: string;
  /** What it does, as far as its schemas do not show it. */
  readonly description: string;
  /** What a successful answer is. */
  readonly returns: string;
  /** Examples of the body that is sent. */
  readonly request?: Examples;
  /** The encoding of the parts of a form. */
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>;
  /** Examples of the body of a successful answer. */
  readonly answer?: Examples;
  /** The answer if a stream is requested. */
  readonly stream?: {
    /** The format of the events. */
    readonly events: string;
    readonly examples: Examples;
  };
  /** Codes of likely refusals, beside those that every operation has. */
  readonly refusals?: readonly string[];
  /** It takes no `Idempotency-Key`. */
  readonly unkeyed?: boolean;
  /** The code of a likely failure of its run. */
  readonly failure?: string;
}
