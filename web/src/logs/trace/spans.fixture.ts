import type { Span } from './span.ts';

/** Midnight, from which the times of made spans are counted. */
export const midnight = Date.parse('2026-11-30T00:00:00Z');

/** A time so many milliseconds after midnight. */
export function at(ms: number): string {
  return new Date(midnight + ms).toISOString();
}

/**
 * A span for tests.
 *
 * @param time milliseconds: from and until; without the second it goes on.
 */
export function madeSpan(
  id: string,
  [from, until]: readonly [number, number?],
  fields: Partial<Span> = {},
): Span {
  return {
    id,
    parent_id: null,
    kind: 'tool',
    log_id: id.split('*', 1).join(),
    turn: null,
    tool_call_id: null,
    name: id,
    path: null,
    file_id: null,
    version_id: null,
    model: null,
    provider: null,
    status: until === undefined ? 'running' : 'complete',
    error: null,
    started_at: at(from),
    ended_at: until === undefined ? null : at(until),
    first_token_at: null,
    prompt_tokens: null,
    output_tokens: null,
    reasoning_tokens: null,
    prompt_cost: null,
    output_cost: null,
    iterations: null,
    waits: [],
    answered_by: null,
    answered_at: null,
    answerer: null,
    copied: false,
    forked_from: null,
    ...fields,
  };
}

/** An agent that waited a night for its client: two turns, a linked tool, a call of the client. */
export function aNight(): readonly Span[] {
  const night = { from: at(3_000), until: at(30_003_000) };
  return [
    madeSpan('a', [0, 30_005_000], { kind: 'agent', waits: [night] }),
    madeSpan('a*1', [0, 1_000], { parent_id: 'a', kind: 'turn', turn: 1 }),
    madeSpan('b', [1_000, 2_000], { parent_id: 'a*1', turn: 1, tool_call_id: 'call_1' }),
    madeSpan('a*2', [2_000, 3_000], { parent_id: 'a', kind: 'turn', turn: 2 }),
    madeSpan('a*2*call_2', [3_000, 30_003_000], {
      parent_id: 'a*2',
      kind: 'call',
      turn: 2,
      tool_call_id: 'call_2',
      waits: [night],
    }),
    madeSpan('a*3', [30_003_000, 30_005_000], { parent_id: 'a', kind: 'turn', turn: 3 }),
  ];
}
