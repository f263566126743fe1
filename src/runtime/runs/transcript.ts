import { assert } from '../../kernel/assert.ts';
import type { LogRecord, TurnRecord } from '../../logs/log-record.ts';
import { lastRequest } from '../../logs/wire-body.ts';

/** The log and turns of a run. They are on disk, or will be with the next step. */
export class Transcript {
  /**
   * The whole body of the last model call. Only the difference of the next body to it is stored.
   */
  requestBefore: unknown;
  /**
   * A model call that ended after the beginning of its answer. It is the run's last turn, unless
   * another answer comes.
   */
  broken: TurnRecord | null = null;
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
    this.broken = null;
  }

  /** Adds a turn with any number that is not there yet: samples complete in any order. */
  addSample(turn: TurnRecord): void {
    const isNew = this.#turns.every(({ number }) => number !== turn.number);
    assert(isNew, `Sample ${turn.number} came twice.`);
    this.#turns.push(turn);
    this.broken = null;
  }

  /** Adds a tool result to the last turn. */
  addResult(message: TurnRecord['results'][number]): void {
    const turn = this.#turns.pop();
    assert(turn !== undefined, 'A tool result came before the first turn.');
    this.#turns.push({ ...turn, results: [...turn.results, message] });
  }

  /** Replaces the log by its state at the run's rest. */
  close(record: LogRecord): void {
    this.#record = record;
  }
}
