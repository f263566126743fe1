import { writeFile } from 'node:fs/promises';
import type { Bench, Figure, Scenario } from './figure.ts';
import { type Machine, readMachine } from './machine.ts';
import { readOptions, usage } from './options.ts';
import { describeMachine, formatFigures } from './report.ts';
import { measureCalls } from './scenarios/calls.ts';
import { measureEvaluation } from './scenarios/evaluation.ts';
import { measureFullDisk } from './scenarios/full-disk.ts';
import { measureLatency } from './scenarios/latency.ts';
import { measureLogs } from './scenarios/logs.ts';
import { measureMillion } from './scenarios/million.ts';
import { measureOutage } from './scenarios/outage.ts';
import { measurePeers } from './scenarios/peers.ts';
import { measureRuns } from './scenarios/runs.ts';
import { measureSoak } from './scenarios/soak.ts';
import { measureStarts } from './scenarios/starts.ts';
import { measureStreams } from './scenarios/streams.ts';

const scenarios: Readonly<Record<string, Scenario>> = {
  latency: measureLatency,
  calls: measureCalls,
  runs: measureRuns,
  streams: measureStreams,
  logs: measureLogs,
  starts: measureStarts,
  outage: measureOutage,
  'full-disk': measureFullDisk,
  soak: measureSoak,
  million: measureMillion,
  evaluation: measureEvaluation,
  peers: measurePeers,
};

/** Only run when they are named: they take minutes, and gigabytes of disk. */
const onRequest: readonly string[] = [
  'outage',
  'full-disk',
  'soak',
  'million',
  'evaluation',
  'peers',
];

interface Measured {
  readonly scenario: string;
  readonly figures: readonly Figure[];
}

async function main(args: readonly string[]): Promise<void> {
  const names = Object.keys(scenarios);
  const options = readOptions(args, names);
  const machine = await readMachine();
  console.log(describeMachine(machine));
  const asked = options.only ?? names.filter((name) => !onRequest.includes(name));
  const measured = await measureAll([...asked, ...(options.peers ? ['peers'] : [])], options);
  if (options.json !== undefined) await writeJson(options.json, machine, measured);
}

async function measureAll(names: readonly string[], bench: Bench): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const name of names) {
    const figures = (await scenarios[name]?.(bench)) ?? [];
    console.log(`\n${name}\n${formatFigures(figures)}`);
    measured.push({ scenario: name, figures });
  }
  return measured;
}

function writeJson(path: string, machine: Machine, measured: readonly Measured[]): Promise<void> {
  const at = new Date().toISOString();
  return writeFile(path, `${JSON.stringify({ at, machine, measured }, null, 2)}\n`);
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\n${usage}`);
  process.exitCode = 1;
});
