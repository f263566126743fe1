import type { VersionedLog } from '../../logs/versioned-log.ts';
import type { Happening } from './run-event.ts';

/** What the streams of a kind's runs tell that has no row: each kind has its own events. */
export interface KindEvents {
  /** The event that the opening of a run is; undefined for kinds whose runs begin without one. */
  readonly opening: Happening | undefined;
  /** What can be told of a run that rests when its events are not kept: how it began and ended. */
  readonly summary: (log: VersionedLog) => readonly Happening[];
}

/** The events of a kind, by the `type` of its logs. */
export type EventsOfKind = (type: string) => KindEvents;
