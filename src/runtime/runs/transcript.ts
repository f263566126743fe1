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

  addTurn(turn: TurnRecord): void {
    this.#turns.push(turn);
  }

  /** Adds a tool result to the last turn. */
  addResult(message: TurnRecord['results'][number]): void {
    const turn = this.#turns.pop();
    if (!turn) throw new Error('A tool result came before the first turn.');
    this.#turns.push({ ...turn, results: [...turn.results, message] });
  }

  /** Replaces the log by the log as it is when the run comes to rest. */
  close(record: LogRecord): void {
    this.#record = record;
  }
}
