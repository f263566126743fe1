import type { FileType } from '../../contract/kinds/index.ts';
import type { McpConnect } from '../../tools/mcp/mcp-server.ts';
import type { PythonPool } from '../../tools/python/python-pool.ts';
import type { ModelParts } from '../models/model-parts.ts';
import type { Run, Runnable } from '../runs/run.ts';
import type { Runtime } from '../runs/runtime.ts';

/** The parts that runs of all kinds need. */
export interface RuntimeParts extends ModelParts {
  readonly python: PythonPool;
  readonly mcp: McpConnect;
}

/** The runtime, with all these parts. */
export type KindRuntime = Runtime<RuntimeParts>;
/** How versions of a kind are run, with all these parts. */
export type RunnableKind = Runnable<RuntimeParts>;
/** A run, with all these parts. */
export type KindRun<K extends FileType = FileType> = Run<RuntimeParts, K>;
