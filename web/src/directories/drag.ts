import { type DragEvent, useState } from 'react';
import { useMay } from '../session/session.ts';
import { type Entry, idOf, nameOf, parentOf } from './entry.ts';
import { useMove } from './use-move.ts';

const format = 'application/x-loopwright-entry';

/** What is being dragged: a browser tells it only when it is dropped. */
let dragged: Entry | undefined;

/** Makes an element draggable: what it stands for can be dropped on a directory. */
export function useDrag(): (entry: Entry) => {
  readonly draggable: boolean;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
} {
  const draggable = useMay('write');
  return (entry) => ({
    draggable,
    onDragStart: ({ dataTransfer }) => {
      dragged = entry;
      dataTransfer.effectAllowed = 'move';
      dataTransfer.setData(format, idOf(entry));
      dataTransfer.setData('text/plain', nameOf(entry));
    },
    onDragEnd: () => {
      dragged = undefined;
    },
  });
}

/** Makes elements that stand for directories take what is dropped on them. */
export function useDrop(): {
  /** The directory over which something is held. */
  readonly over: string | undefined;
  readonly target: (directoryId: string) => {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: () => void;
    readonly onDrop: (event: DragEvent) => void;
  };
} {
  const [over, setOver] = useState<string>();
  const move = useMove();
  return {
    over,
    target: (directoryId) => ({
      onDragOver: (event) => {
        if (!dragged || !mayGo(dragged, directoryId)) return;
        event.preventDefault();
        setOver(directoryId);
      },
      onDragLeave: () => setOver(undefined),
      onDrop: (event) => {
        event.preventDefault();
        setOver(undefined);
        // What the server refuses is said by the move itself.
        if (dragged) void move({ entry: dragged, directoryId }).catch(() => undefined);
        dragged = undefined;
      },
    }),
  };
}

function mayGo(entry: Entry, directoryId: string): boolean {
  return idOf(entry) !== directoryId && parentOf(entry) !== directoryId;
}
