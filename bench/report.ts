import { type Figure, isMet } from './figure.ts';
import type { Machine } from './machine.ts';

/** The machine in one line. */
export function describeMachine(machine: Machine): string {
  const { processor, cores, memoryGb, node, platform, diskSyncMs } = machine;
  return [
    `${processor}, ${cores} cores, ${memoryGb.toFixed(0)} GB, ${platform}`,
    `Node ${node}`,
    `a page synced to disk in ${diskSyncMs.toFixed(2)} ms`,
  ].join('; ');
}

/** Figures as a table: name, value, target, and whether it is met. */
export function formatFigures(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures
    .map((figure) =>
      [
        `  ${figure.what.padEnd(width)}`,
        rounded(figure.value).padStart(9),
        figure.unit.padEnd(5),
        verdict(figure),
      ]
        .join(' ')
        .trimEnd(),
    )
    .join('\n');
}

function verdict(figure: Figure): string {
  const { target } = figure;
  if (!target) return '';
  const limit = 'atMost' in target ? `at most ${target.atMost}` : `at least ${target.atLeast}`;
  return `${limit.padEnd(14)} ${isMet(figure) ? 'met' : 'MISSED'}`;
}

function rounded(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}
