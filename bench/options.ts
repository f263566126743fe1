import { parseArgs } from 'node:util';

export interface Options {
  readonly only: readonly string[] | undefined;
  readonly peers: boolean;
  readonly seconds: number;
  readonly json: string | undefined;
  readonly profileDir: string | undefined;
}

export const usage = `npm run bench -- [options]

  --only calls,latency   run these scenarios alone (outage, full-disk, soak, million and evaluation run only so)
  --peers                run other platforms beside ours as well; npm installs them the first time
  --seconds 5            how long each load lasts (default 10)
  --json figures.json    write the figures to a file as well
  --profile folder       let the servers leave CPU profiles there (this slows them)`;

/** @throws Error for unknown options and for values that are no numbers. */
export function readOptions(args: readonly string[], scenarios: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      peers: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '10' },
      json: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !scenarios.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no scenario ${unknown}. Scenarios: ${scenarios.join(', ')}.`);
  }
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds is not a number above 0: ${values.seconds}`);
  return { only, peers: values.peers, seconds, json: values.json, profileDir: values.profile };
}
