import type { FileType } from '../../contract/kinds/index.ts';
import type { McpConnect } from '../../tools/mcp/mcp-server.ts';
import type { PythonPool } from '../../tools/python/python-pool.ts';
import type { ModelParts } from '../models/model-parts.ts';
import type { Run, Runnable } from '../runs/run.ts';
import type { Runtime } from '../runs/runtime.ts';
import type { ModelJudges } from './evaluator/model-judges.ts';

/** The parts that runs of all kinds need. */
export interface RuntimeParts extends ModelParts {
  readonly python: PythonPool;
  readonly mcp: McpConnect;
  readonly judging: JudgingLimits;
  /** The models that evaluators of this process ask. */
  readonly modelJudges: ModelJudges;
}

/** The limits of evaluators that the server runs. */
export interface JudgingLimits {
  /** Milliseconds that the code of an evaluator may take for one log. */
  readonly timeoutMs: number;
  /** How many models of one vendor a process asks at once for the evaluators of an organization. */
  readonly modelsAtOnce: number;
}

/** The runtime, with all these parts. */
export type KindRuntime = Runtime<RuntimeParts>;
/** How versions of a kind are run, with all these parts. */
export type RunnableKind = Runnable<RuntimeParts>;
/** A run, with all these parts. */
export type KindRun<K extends FileType = FileType> = Run<RuntimeParts, K>;
