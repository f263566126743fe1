import { rm } from 'node:fs/promises';
import { errorFields, type Logger } from '../../kernel/logger.ts';
import type { PythonLimits } from './python-call.ts';
import { PythonProcess } from './python-process.ts';
import { reachableProgram, snapshotFolder } from './sandbox-copy.ts';
import type { SandboxProgram } from './sandbox-program.ts';
import { ensureSnapshot } from './snapshot.ts';

interface StarterOptions {
  /** Where the snapshot is kept across restarts of the server. */
  readonly folder: string;
  readonly limits: PythonLimits;
  readonly logger: Logger;
  readonly findProgram: () => SandboxProgram;
}

/** Starts processes, from a snapshot of Python that it makes when there is none. */
export class PythonStarter {
  readonly #options: StarterOptions;
  readonly #stopping: AbortSignal;
  #snapshot: Promise<string | undefined> | undefined;
  /** Aborted when somebody waits for the snapshot. */
  readonly #hurry = new AbortController();

  /** @param stopping aborts starts and the making of the snapshot. */
  constructor(options: StarterOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  /**
   * Makes the snapshot when there is none, with low priority. A start that comes meanwhile makes it
   * anew, with normal priority: on a busy machine it would wait long for the other, and a start
   * without a snapshot takes as much work as making one. Never rejects: the next start tries again.
   */
  async prepare(): Promise<void> {
    try {
      await this.#ensureSnapshot(this.#options.findProgram(), 'unhurried');
    } catch {
      // Swallowed on purpose: without a program there is no Python, which the first call is told.
    }
  }

  /** @throws Error that says why Python does not start. */
  async start(): Promise<PythonProcess> {
    const { limits, findProgram, logger } = this.#options;
    const program = await reachableProgram(findProgram());
    const snapshot = await this.#findSnapshot(program);
    if (snapshot === undefined) {
      return PythonProcess.start(program, undefined, limits, this.#stopping);
    }
    try {
      return await PythonProcess.start(program, snapshot, limits, this.#stopping);
    } catch (error) {
      // When it does not start without the snapshot either, the snapshot is not the cause, and is
      // kept.
      const process = await PythonProcess.start(program, undefined, limits, this.#stopping);
      logger.warn(
        errorFields(error),
        'Python does not start from its snapshot. The snapshot is discarded.',
      );
      this.#snapshot = Promise.resolve(undefined);
      await rm(snapshot, { force: true });
      return process;
    }
  }

  async #findSnapshot(program: SandboxProgram): Promise<string | undefined> {
    this.#hurry.abort();
    this.#snapshot ??= this.#ensureSnapshot(program, 'urgent');
    return this.#snapshot;
  }

  async #ensureSnapshot(
    program: SandboxProgram,
    pace: 'urgent' | 'unhurried',
  ): Promise<string | undefined> {
    const { folder, limits, logger } = this.#options;
    const signals = pace === 'unhurried' ? [this.#stopping, this.#hurry.signal] : [this.#stopping];
    const signal = AbortSignal.any(signals);
    try {
      const { memoryBytes } = limits;
      return await ensureSnapshot(await snapshotFolder(folder, program), program, {
        memoryBytes,
        pace,
        signal,
      });
    } catch (error) {
      if (!signal.aborted) {
        logger.warn(errorFields(error), 'Python starts without a snapshot, which takes longer.');
      }
      return undefined;
    }
  }
}
