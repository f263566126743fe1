/** A tool call that an answer will have. Without an id it gets one from its place. */
export interface DraftCall {
  readonly id?: string | undefined;
  readonly name: string;
  /** JSON text, or what a script plays as such. */
  readonly arguments: string;
}

/** What a model call answers, before limits are applied and tokens are counted. */
export interface Draft {
  /** Empty: none. */
  readonly reasoning: string;
  /** Empty: none. */
  readonly content: string;
  readonly toolCalls: readonly DraftCall[];
}
