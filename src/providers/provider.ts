import type { ChatMessage, ResponseFormat, ToolChoice, ToolFunction } from '../contract/chat.ts';
import type { ModelName } from '../contract/providers.ts';

/**
 * One message of the conversation that a model is asked to continue.
 *
 * `parts` are the vendor's own parts from an earlier answer, as its adapter left them in {@link
 * ModelAnswer.parts}. They carry what a chat message cannot (signatures, the order of thinking and
 * text), and when present they are sent back in place of the message's own fields.
 */
export interface PromptMessage {
  readonly message: ChatMessage;
  readonly parts?: readonly unknown[] | undefined;
  /** The model that wrote the message, if one of ours did. */
  readonly author?: ModelName | undefined;
}

/** One model call in a form that no vendor determines. */
export interface ModelRequest {
  readonly model: string;
  /** `complete`: continue the text of the only message. Undefined: `chat`. */
  readonly endpoint?: 'chat' | 'complete' | undefined;
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly ToolFunction[];
  /** Undefined: the vendor's default, which is `auto` with tools and `none` without. */
  readonly toolChoice?: ToolChoice | undefined;
  /** True: ask the vendor for a stream, and yield its pieces as they arrive. */
  readonly stream: boolean;
  /** Undefined: as many as fit. */
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly seed?: number | undefined;
  readonly responseFormat?: ResponseFormat | undefined;
  /** For how many alternatives of each token to report probabilities. */
  readonly logprobs?: number | undefined;
  /** The text after the completion; not for chats. */
  readonly suffix?: string | undefined;
  /** A word for OpenAI's models; a number of thinking tokens for Anthropic's. */
  readonly reasoningEffort?: 'high' | 'medium' | 'low' | number | undefined;
  /** Any fields to add to the request body as it is sent. */
  readonly other: Readonly<Record<string, unknown>>;
}

/** A piece of a vendor's answer. */
export type ModelEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'reasoning'; readonly delta: string };

/**
 * Token counts of one model call in disjoint buckets, whose sum is what was billed. Null where the
 * vendor gave no count, which is never written as 0.
 */
export interface Usage {
  /** Input that was neither read from a cache nor written to one. */
  readonly inputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  /** All output, including reasoning. */
  readonly outputTokens: number | null;
  /** The part of the output that was reasoning. */
  readonly reasoningTokens: number | null;
}

/** A finished model call. */
export interface ModelAnswer {
  readonly message: ChatMessage & { readonly role: 'assistant' };
  /** The vendor's own parts, when they contain more than the message; see {@link PromptMessage}. */
  readonly parts?: readonly unknown[] | undefined;
  /** In the vendor's own words: `stop`, `tool_calls`, `end_turn`, … */
  readonly finishReason: string | null;
  readonly usage: Usage;
  /** The request body as it was sent. */
  readonly providerRequest: unknown;
  /** The response body as it was received; the chunks of a stream are combined into one body. */
  readonly providerResponse: unknown;
  /** One sentence for each part of the request that was left out or rewritten. */
  readonly warnings: readonly string[];
}

/** The options of one attempt at a model call. */
export interface AttemptOptions {
  /** Undefined for a vendor that needs no key. */
  readonly apiKey: string | undefined;
  /** Aborting it ends the attempt: the attempt throws, and the connection is closed. */
  readonly signal: AbortSignal;
  /** Called with the body when it is sent, for failures that the attempt cannot report itself. */
  readonly onRequest?: ((body: unknown) => void) | undefined;
  /**
   * Called whenever the vendor sends anything. Much of that is no event (tool calls, pings), so
   * this, not the events, shows that the vendor is still answering.
   */
  readonly onActivity?: (() => void) | undefined;
  /**
   * Called when a stream begins, with what makes one body of its chunks so far; undefined while they
   * say nothing. For failures that the attempt cannot report itself.
   */
  readonly onStream?: ((soFar: () => unknown) => void) | undefined;
  /** What an answer may have; undefined: {@link standardBounds}. */
  readonly bounds?: AnswerBounds | undefined;
}

/** The most that an answer may have, far above any real one: more is a mistake or an attack. */
export interface AnswerBounds {
  /** Of its body, decompressed. */
  readonly bytes: number;
  /** Of a stream: an event has two or three. */
  readonly lines: number;
}

export const standardBounds: AnswerBounds = { bytes: 20_000_000, lines: 500_000 };

/** A model vendor. It makes single attempts; `call-model.ts` adds time limits and retries. */
export interface Provider {
  /** The vendor's name in error messages: `OpenAI`. */
  readonly title: string;
  /** False: it can be called without a key. */
  readonly needsKey: boolean;
  /** The server's own key, used when neither the call nor its organization has one. */
  readonly apiKey: string | undefined;
  /** What is sent beside the key and must be shown as little: values of headers. */
  readonly secrets?: readonly string[];
  /**
   * Makes one attempt at a model call. Yields the pieces as they arrive when the request asks for a
   * `stream`; returns the answer.
   *
   * @throws ProviderFailure for every failure of the vendor or the network.
   */
  attempt(request: ModelRequest, options: AttemptOptions): AsyncGenerator<ModelEvent, ModelAnswer>;
  /**
   * The same vendor at an endpoint that a call brought. It has the server's key only when the
   * endpoint is the server's own. Undefined for vendors whose calls bring no endpoint.
   */
  withEndpoint?(endpoint: string): Provider;
  /**
   * The same vendor with an organization's key and endpoint in place of the server's. Undefined
   * when the key alone is enough.
   *
   * @param endpoint null: the server's.
   */
  withKey?(apiKey: string, endpoint: string | null): Provider;
  /**
   * Whether a key may be sent to this endpoint. Undefined: keys are only for the server's endpoint.
   */
  takesEndpoint?(endpoint: string): boolean;
  /**
   * Why a text cannot be a key of this vendor: a sentence that does not contain it. Undefined: it
   * may be one. Left out where any text may be a key.
   */
  keyFault?(apiKey: string): string | undefined;
}

/** The kind of a provider's failure. */
export type FailureKind =
  | 'rejected' // its 4xx: the request will never succeed
  | 'unauthorized' // its 401 or 403: the key is wrong, or lacks a permission
  | 'rate_limited' // its 429
  | 'unavailable' // its 5xx, or no connection
  | 'timed_out' // one of our own time limits
  | 'nonsense'; // not an answer: HTML, half a stream, no finish reason

/** A model call that failed. Its message names the vendor and never contains a key. */
export class ProviderFailure extends Error {
  readonly kind: FailureKind;
  /** The vendor's title, or the name of a custom endpoint. */
  readonly origin: string;
  /** The HTTP status of the vendor's answer, if there was one. */
  readonly status: number | undefined;
  /** The wait that the vendor asked for, in a header or in its answer. */
  readonly retryAfterMs: number | undefined;
  /** Whether the vendor says that a repeat may succeed. Undefined: it does not say. */
  readonly mayRepeat: boolean | undefined;
  readonly providerRequest: unknown;
  readonly providerResponse: unknown;

  constructor(
    kind: FailureKind,
    message: string,
    options: {
      readonly origin: string;
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly mayRepeat?: boolean | undefined;
      readonly providerRequest?: unknown;
      readonly providerResponse?: unknown;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ProviderFailure';
    this.kind = kind;
    // The title of a custom endpoint is its name in backquotes, as sentences write it.
    this.origin = options.origin.replaceAll('`', '');
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.mayRepeat = options.mayRepeat;
    this.providerRequest = options.providerRequest;
    this.providerResponse = options.providerResponse;
  }

  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return this.mayRepeat ?? (this.kind !== 'rejected' && this.kind !== 'unauthorized');
  }
}
