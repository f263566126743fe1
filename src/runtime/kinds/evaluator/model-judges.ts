import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderName } from '../../../contract/providers.ts';
import { Places } from '../../../kernel/places.ts';
import type { ProviderPace } from '../../models/provider-pace.ts';

/** Milliseconds between two looks whether a vendor takes calls again. */
const lookMs = 100;

/** The judging models of one vendor that one organization asks. */
interface Group {
  readonly places: Places;
  /** How many wait or are asked. */
  users: number;
  /** How many are asked. */
  asked: number;
}

/**
 * Limits how many models judge at once, for each organization and vendor by itself: a vendor that
 * hangs delays the judgments of no other vendor and no other organization. It asks no more than the
 * vendor takes from the organization.
 */
export class ModelJudges {
  readonly #most: number;
  readonly #pace: ProviderPace;
  readonly #groups = new Map<string, Group>();

  /** @param most how many models of one vendor one organization asks at once. */
  constructor(most: number, pace: ProviderPace) {
    this.#most = most;
    this.#pace = pace;
  }

  /**
   * Asks a model when it is its turn.
   *
   * @throws what `ask` throws; the reason of the signal when it is aborted before.
   */
  async take<Result>(
    organizationId: string,
    provider: ProviderName,
    ask: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const key = `${organizationId} ${provider}`;
    const group = this.#groups.get(key) ?? { places: new Places(this.#most), users: 0, asked: 0 };
    this.#groups.set(key, group);
    group.users += 1;
    const askAtPace = async () => {
      while (group.asked >= this.#pace.limit(organizationId, provider)) {
        await sleep(lookMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
      group.asked += 1;
      return ask().finally(() => {
        group.asked -= 1;
      });
    };
    try {
      return await group.places.take(askAtPace, signal);
    } finally {
      group.users -= 1;
      if (group.users === 0) this.#groups.delete(key);
    }
  }
}
