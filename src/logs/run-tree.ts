import type { Workspace } from '../database/workspace.ts';
import { findVersionsById } from '../files/file-queries.ts';
import { kindOf } from '../files/kinds/index.ts';
import type { LogView } from './log-record.ts';
import { getLog } from './read-logs.ts';
import { costOfLog, logStep, type RunStep } from './run-step.ts';
import { usageOfLog } from './totals.ts';
import { traceBelow } from './trace-tree.ts';
import { versioned } from './versioned-log.ts';

/** A run with all steps below it. */
export interface RunTree {
  readonly id: string;
  readonly root: RunStep;
  readonly total: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** US dollars: the sum of all known costs. */
    readonly cost: number;
    /** How many logs have a model call whose cost is unknown. */
    readonly logsWithoutCost: number;
  };
}

/**
 * Reads a run as a tree: its model calls in order, the tool calls below each of them, and so on.
 * Logs that no model call caused, such as those below a flow, come last, in the order of their start.
 *
 * @throws `log_not_found` (not_found).
 */
export async function readRunTree(workspace: Workspace, id: string): Promise<RunTree> {
  const { view: root } = await versioned(workspace, await getLog(workspace, id));
  const trace = await traceBelow(workspace, [id]);
  const views = [root, ...[...trace.values()].flatMap((below) => below ?? [])];
  const versionIds = views.map(({ record }) => record.version_id);
  const versions = await findVersionsById(workspace, [...new Set(versionIds)]);
  const costs = views.map(costOfLog);
  const usages = views.map(usageOfLog);
  return {
    id,
    root: logStep(root, { trace, versions }),
    total: {
      inputTokens: sum(usages.map(({ prompt_tokens }) => prompt_tokens)),
      outputTokens: sum(usages.map(({ output_tokens }) => output_tokens)),
      cost: sum(costs),
      logsWithoutCost: views.filter((view, index) => callsModel(view) && costs[index] === null)
        .length,
    },
  };
}

/**
 * Whether a log has model calls. The log of a prompt counts without turns too: your own code made
 * its call.
 */
function callsModel({ record, turns }: LogView): boolean {
  return turns.length > 0 || kindOf(record.type).log?.turns === 'samples';
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
