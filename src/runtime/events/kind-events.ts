import type { VersionedLog } from '../../logs/versioned-log.ts';
import type { Happening } from './run-event.ts';

/** The events of a kind's runs that are not stored: each kind makes its own. */
export interface KindEvents {
  /** The first event of a run; undefined for kinds whose runs begin without an event. */
  readonly opening: Happening | undefined;
  /**
   * The events that stand in for those of a run at rest when they are not stored: how it began and
   * how it ended.
   */
  readonly summary: (log: VersionedLog) => readonly Happening[];
}

/** The events of a kind, by the `type` of its logs. */
export type EventsOfKind = (type: string) => KindEvents;
