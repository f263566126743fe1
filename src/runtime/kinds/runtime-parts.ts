import type { FileType } from '../../contract/kinds/index.ts';
import type { McpConnect } from '../../tools/mcp/mcp-server.ts';
import type { PythonPool } from '../../tools/python/python-pool.ts';
import type { ModelParts } from '../models/model-parts.ts';
import type { Run, Runnable } from '../runs/run.ts';
import type { Runtime } from '../runs/runtime.ts';

/** What the runtime is built from: the parts that its kinds need. */
export interface RuntimeParts extends ModelParts {
  readonly python: PythonPool;
  readonly mcp: McpConnect;
}

/** The engine with the kinds that it runs. */
export type KindRuntime = Runtime<RuntimeParts>;
/** How the versions of one of the kinds are run. */
export type RunnableKind = Runnable<RuntimeParts>;
/** A run of one of the kinds. */
export type KindRun<K extends FileType = FileType> = Run<RuntimeParts, K>;
