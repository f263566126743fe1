import type { Trial } from '../../runtime/models/try-model.ts';

/** How a trial call of a model went. */
export function trialBody({ model, latencyMs, failure }: Trial) {
  return { ok: failure === undefined, model, latency_ms: latencyMs, error: failure ?? null };
}
