/** A tool call of a coming answer. A call without an id gets one from its position. */
export interface DraftCall {
  readonly id?: string | undefined;
  readonly name: string;
  /** JSON text, or any text that a script plays in its place. */
  readonly arguments: string;
}

/** The answer of a model call, before limits are applied and tokens are counted. */
export interface Draft {
  /** Empty when there is none. */
  readonly reasoning: string;
  /** Empty when there is none. */
  readonly content: string;
  readonly toolCalls: readonly DraftCall[];
}
