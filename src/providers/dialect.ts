import type { Abilities } from './completion.ts';

/** What a vendor's requests can hold, as far as vendors differ in it. */
export interface Dialect extends Abilities {
  /** Under which its package keeps what is its own: `providerOptions.anthropic`. */
  readonly key: string;
  /** Whether a message may carry the name of its author. */
  readonly hasNames: boolean;
  /** Whether it wants its thinking back. */
  readonly hasThinking: boolean;
  /** Whether it wants its thinking back although it signs none. */
  readonly hasUnsignedThinking: boolean;
  /** Whether images may be given by address; `typed`: with their media type. */
  readonly imageAddresses: 'plain' | 'typed' | 'none';
  readonly hasImageDetail: boolean;
  readonly hasImagesInToolResults: boolean;
  /** False: system messages stand at the start, and others are moved there. */
  readonly hasLateSystemMessages: boolean;
  /** False: messages without content are refused, and therefore left out. */
  readonly hasEmptyMessages: boolean;
  /** Whether a tool may be `strict`. */
  readonly hasStrictTools: boolean;
}
