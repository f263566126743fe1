import type { ChatMessage, ResponseFormat, ToolChoice, ToolFunction } from '../contract/chat.ts';
import type { ModelName } from '../contract/providers.ts';

/**
 * One message of the conversation that a model is asked to go on with.
 *
 * `parts` are what the vendor itself answered in an earlier turn, as its adapter left them in
 * {@link ModelAnswer.parts}: they carry what a chat message cannot (signatures, the order of
 * thinking and text) and, when they are there, are sent back in place of the message's own fields.
 */
export interface PromptMessage {
  readonly message: ChatMessage;
  readonly parts?: readonly unknown[] | undefined;
  /** The model that said it, of what a model of ours did. */
  readonly author?: ModelName | undefined;
}

/** One model call, in no vendor's words. */
export interface ModelRequest {
  readonly model: string;
  /** `complete`: to go on with the text of the one message. Undefined: `chat`. */
  readonly endpoint?: 'chat' | 'complete' | undefined;
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly ToolFunction[];
  /** Undefined: the vendor's default, which is `auto` with tools and `none` without. */
  readonly toolChoice?: ToolChoice | undefined;
  /** True: ask the vendor for a stream, and yield its pieces as they come. */
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
  /** How many alternatives of each token are to come with their probabilities. */
  readonly logprobs?: number | undefined;
  /** What comes after the completion; chats have none. */
  readonly suffix?: string | undefined;
  /** A word for OpenAI's models; a budget of thinking tokens for Anthropic's. */
  readonly reasoningEffort?: 'high' | 'medium' | 'low' | number | undefined;
  /** Fields to add to the body as it goes over the wire, whatever they are. */
  readonly other: Readonly<Record<string, unknown>>;
}

/** What a vendor says while it answers. */
export type ModelEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'reasoning'; readonly delta: string };

/**
 * Tokens of one model call in disjoint buckets: their sum is what was billed. Null is what the
 * vendor did not say; it is never written as 0.
 */
export interface Usage {
  /** Input that was neither read from nor written to a cache. */
  readonly inputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  /** All output, reasoning included. */
  readonly outputTokens: number | null;
  /** The part of the output that was reasoning. */
  readonly reasoningTokens: number | null;
}

/** A finished model call. */
export interface ModelAnswer {
  readonly message: ChatMessage & { readonly role: 'assistant' };
  /** The vendor's own parts, when they hold more than the message does; see {@link PromptMessage}. */
  readonly parts?: readonly unknown[] | undefined;
  /** As the vendor gave it: `stop`, `tool_calls`, `end_turn`, … */
  readonly finishReason: string | null;
  readonly usage: Usage;
  /** The request body as it went over the wire. */
  readonly providerRequest: unknown;
  /** The response body as it came; a stream's chunks are folded into the body they add up to. */
  readonly providerResponse: unknown;
  /** What was left out of the request or rewritten, one sentence each. */
  readonly warnings: readonly string[];
}

/** What one attempt at a model call is given. */
export interface AttemptOptions {
  /** Undefined where a vendor needs none. */
  readonly apiKey: string | undefined;
  /** Ends the attempt: it throws, and the connection is closed. */
  readonly signal: AbortSignal;
  /** Told the body as it is sent, for the failures that an attempt cannot report itself. */
  readonly onRequest?: ((body: unknown) => void) | undefined;
  /**
   * Told whenever the vendor sends anything. Much of what it sends is no event (tool calls,
   * pings), so this, and not the events, says whether it is still there.
   */
  readonly onActivity?: (() => void) | undefined;
}

/** A model vendor. Each makes one attempt; `call-model.ts` adds time-outs and retries. */
export interface Provider {
  /** Its name in errors, as people write it: `OpenAI`. */
  readonly title: string;
  /** False: it can be called without a key. */
  readonly needsKey: boolean;
  /** The server's own key for it, used when neither a call nor its organization has one. */
  readonly apiKey: string | undefined;
  /**
   * Makes one attempt at a model call.
   *
   * Yields pieces as they come, from a request with `stream` alone; returns the answer.
   *
   * @throws ProviderFailure for whatever the vendor or the network did wrong.
   */
  attempt(request: ModelRequest, options: AttemptOptions): AsyncGenerator<ModelEvent, ModelAnswer>;
  /**
   * The same vendor at an address that a call brought; it has no key of the server's unless that is
   * the server's own address. Undefined where calls bring none.
   */
  withEndpoint?(endpoint: string): Provider;
  /**
   * The same vendor with a key, and an address that the key is for, in place of the server's own.
   * Undefined where a key is all that there is to it.
   *
   * @param endpoint null: the server's.
   */
  withKey?(apiKey: string, endpoint: string | null): Provider;
  /** Whether a key may be for this address. Undefined where keys are for the server's alone. */
  takesEndpoint?(endpoint: string): boolean;
  /**
   * Why a text can be no key of the vendor's, in a sentence that does not tell it; undefined: it may
   * be one. Left out where any text may.
   */
  keyFault?(apiKey: string): string | undefined;
}

/** What kind of failure a provider had: the client's fault, a limit, or its own trouble. */
export type FailureKind =
  | 'rejected' // its 4xx: this request will never succeed
  | 'unauthorized' // its 401 or 403: the key is wrong, or may not do this
  | 'rate_limited' // its 429
  | 'unavailable' // its 5xx, or no connection
  | 'timed_out' // one of our own time-outs
  | 'nonsense'; // an answer that is none: HTML, half a stream, no finish

/** A model call that failed. Its message names the vendor and never holds a key. */
export class ProviderFailure extends Error {
  readonly kind: FailureKind;
  /** The vendor's title. */
  readonly origin: string;
  /** The vendor's status, when there was one. */
  readonly status: number | undefined;
  /** As the vendor asked, by `retry-after-ms` or `retry-after`. */
  readonly retryAfterMs: number | undefined;
  readonly providerRequest: unknown;
  readonly providerResponse: unknown;

  constructor(
    kind: FailureKind,
    message: string,
    options: {
      readonly origin: string;
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly providerRequest?: unknown;
      readonly providerResponse?: unknown;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.origin = options.origin;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.providerRequest = options.providerRequest;
    this.providerResponse = options.providerResponse;
  }

  /** Whether the same request may succeed later. */
  get isRetryable(): boolean {
    return this.kind !== 'rejected' && this.kind !== 'unauthorized';
  }
}
