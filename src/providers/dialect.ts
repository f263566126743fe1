import type { Abilities } from './completion.ts';
import type { NameRules } from './name-rules.ts';

/** The differences between vendors in what their requests can contain. */
export interface Dialect extends Abilities {
  /** The key of its own options in its package: `providerOptions.anthropic`. */
  readonly key: string;
  /** Whether a message may carry the name of its author. */
  readonly hasNames: boolean;
  /** Whether earlier thinking is sent back to it. */
  readonly hasThinking: boolean;
  /** Whether earlier thinking is sent back although it is not signed. */
  readonly hasUnsignedThinking: boolean;
  /** Whether calls that the vendor ran itself are sent back to it. */
  readonly hasServerTools: boolean;
  /** Whether an image can be a URL; `typed`: a URL with its media type. */
  readonly imageAddresses: 'plain' | 'typed' | 'none';
  readonly hasImageDetail: boolean;
  readonly hasImagesInToolResults: boolean;
  /** False: system messages are only allowed at the start, so later ones are moved there. */
  readonly hasLateSystemMessages: boolean;
  /** False: messages without content are refused, so they are left out. */
  readonly hasEmptyMessages: boolean;
  /** Whether a tool may be `strict`. */
  readonly hasStrictTools: boolean;
  /** False: some or all of its models refuse a penalty, so that 0, which is none, is not sent. */
  readonly hasPenalties: boolean;
  readonly names: NameRules;
}
