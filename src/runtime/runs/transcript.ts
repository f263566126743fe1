import { assert } from '../../kernel/assert.ts';
import type { LogRecord, TurnRecord } from '../../logs/log-record.ts';
import { lastRequest } from '../../logs/wire-body.ts';

/** The log and turns of a run as they are on disk, or are about to be. */
export class Transcript {
  /** The body of the last model call, whole; what the next one has in common with it is not stored. */
  requestBefore: unknown;
  #record: LogRecord;
  readonly #turns: TurnRecord[];

  constructor(record: LogRecord, turns: readonly TurnRecord[]) {
    this.#record = record;
    this.#turns = [...turns];
    this.requestBefore = lastRequest(turns);
  }

  get record(): LogRecord {
    return this.#record;
  }

  get turns(): readonly TurnRecord[] {
    return this.#turns;
  }

  get lastTurn(): TurnRecord | undefined {
    return this.#turns.at(-1);
  }

  /** Adds the turn that follows the last one. */
  addTurn(turn: TurnRecord): void {
    const next = this.#turns.length + 1;
    assert(turn.number === next, `Turn ${turn.number} came where turn ${next} was to come.`);
    this.#turns.push(turn);
  }

  /** Adds a turn that follows no other: they come in any order, each once. */
  addSample(turn: TurnRecord): void {
    const isNew = this.#turns.every(({ number }) => number !== turn.number);
    assert(isNew, `Sample ${turn.number} came twice.`);
    this.#turns.push(turn);
  }

  /** Adds a tool result to the last turn. */
  addResult(message: TurnRecord['results'][number]): void {
    const turn = this.#turns.pop();
    assert(turn !== undefined, 'A tool result came before the first turn.');
    this.#turns.push({ ...turn, results: [...turn.results, message] });
  }

  /** Replaces the log by the log as it is when the run comes to rest. */
  close(record: LogRecord): void {
    this.#record = record;
  }
}
