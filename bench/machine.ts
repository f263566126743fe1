import { fdatasyncSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './figure.ts';

/** The machine that the figures were measured on. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /**
   * Milliseconds to append a page to a file and flush it to disk, which is the least that a commit
   * costs.
   */
  readonly diskSyncMs: number;
}

export async function readMachine(): Promise<Machine> {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: totalmem() / 2 ** 30,
    diskSyncMs: await diskSync(),
  };
}

/** Measured in the temporary folder, which contains the servers' databases too. */
async function diskSync(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'loopwright-bench-'));
  const file = await open(join(folder, 'page'), 'w');
  try {
    const page = Buffer.alloc(8_192, 1);
    const times: number[] = [];
    for (let round = 0; round < 200; round++) {
      const start = performance.now();
      await file.write(page);
      fdatasyncSync(file.fd);
      times.push(performance.now() - start);
    }
    return median(times);
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}
