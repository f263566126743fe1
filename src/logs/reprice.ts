import type { Database } from '../database/database.ts';
import type { Cost } from '../pricing/price.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import {
  deleteRunStats,
  type LogKey,
  listStoredCosts,
  type NewCosts,
  type StoredCall,
  type StoredCosts,
  writeCosts,
} from './reprice-queries.ts';
import { totalCost } from './totals.ts';
import { authorOf } from './turn-author.ts';

/** The result of a repricing. */
export interface RepriceReport {
  /** The model calls that were checked, and their logs. */
  readonly calls: number;
  readonly logs: number;
  /** How many of them have another cost now. */
  readonly changedCalls: number;
  readonly changedLogs: number;
  /** Changed calls whose price is unknown now. */
  readonly nowUnknown: number;
  /** Logs that were skipped because their runs have not ended. */
  readonly openLogs: number;
  /** US dollars: by how much the total cost of the changed calls rises. Negative when it falls. */
  readonly difference: number;
}

/** Logs that one query reads. */
const logsAtOnce = 200;
/** Logs that are written at the same time. */
const writesAtOnce = 8;

/**
 * Computes the cost of every stored model call again, and the sums of their logs. A second
 * repricing changes nothing. Servers can run meanwhile.
 *
 * It changes a log's cost only if that was the sum of the calls: a cost that a client set stays. It
 * skips a log whose run has not ended, because the run would overwrite the cost.
 *
 * @param options.since skip logs without a model call since then; null: skip none.
 * @param options.isDryRun true: write nothing.
 */
export async function reprice(
  database: Database,
  prices: PriceTable,
  { since, isDryRun }: { readonly since: Date | null; readonly isDryRun: boolean },
): Promise<RepriceReport> {
  const report = {
    calls: 0,
    logs: 0,
    changedCalls: 0,
    changedLogs: 0,
    nowUnknown: 0,
    openLogs: 0,
    difference: 0,
  };
  let after: LogKey | undefined;
  for (;;) {
    const page = await listStoredCosts(database, { after, since, limit: logsAtOnce });
    const changes: NewCosts[] = [];
    for (const log of page) {
      report.logs += 1;
      report.calls += log.calls.length;
      if (log.is_open) {
        report.openLogs += 1;
        continue;
      }
      const changed = changedCalls(prices, log);
      if (changed.length === 0) continue;
      report.changedLogs += 1;
      report.changedCalls += changed.length;
      for (const { before, cost } of changed) {
        report.difference += knownDollars(cost) - knownDollars(before);
        if (cost.price_table === null) report.nowUnknown += 1;
      }
      changes.push(newCosts(log, changed));
    }
    if (!isDryRun) await writeAll(database, changes);
    after = page.at(-1);
    if (!after) break;
  }
  if (!isDryRun && report.changedLogs > 0) await deleteRunStats(database);
  return report;
}

interface ChangedCall {
  readonly before: StoredCall;
  readonly cost: Cost;
}

function changedCalls(prices: PriceTable, log: StoredCosts): readonly ChangedCall[] {
  return log.calls.flatMap((before) => {
    const cost = prices.costOf({
      ...authorOf(before, log.spec),
      usage: before,
      at: before.started_at,
    });
    return sameCosts(cost, before) ? [] : [{ before, cost }];
  });
}

function newCosts(log: StoredCosts, changed: readonly ChangedCall[]): NewCosts {
  const costOf = new Map(changed.map(({ before, cost }) => [before.number, cost]));
  const was = totalCost(log.calls);
  const is = totalCost(log.calls.map((call) => ({ ...call, ...costOf.get(call.number) })));
  const { organization_id, log_id, prompt_cost, output_cost } = log;
  return {
    organization_id,
    log_id,
    calls: changed.map(({ before, cost }) => ({ number: before.number, ...cost })),
    before: { prompt_cost, output_cost },
    after: {
      prompt_cost: isSameCost(prompt_cost, was.prompt_cost) ? is.prompt_cost : prompt_cost,
      output_cost: isSameCost(output_cost, was.output_cost) ? is.output_cost : output_cost,
    },
  };
}

async function writeAll(database: Database, changes: readonly NewCosts[]): Promise<void> {
  for (let start = 0; start < changes.length; start += writesAtOnce) {
    const together = changes.slice(start, start + writesAtOnce);
    await Promise.all(together.map((costs) => writeCosts(database, costs)));
  }
}

type Dollars = Pick<Cost, 'prompt_cost' | 'output_cost'>;

function knownDollars({ prompt_cost, output_cost }: Dollars): number {
  return (prompt_cost ?? 0) + (output_cost ?? 0);
}

function sameCosts(a: Dollars, b: Dollars): boolean {
  return isSameCost(a.prompt_cost, b.prompt_cost) && isSameCost(a.output_cost, b.output_cost);
}

/** Whether two costs are equal except for rounding: the order of a sum changes its last digits. */
function isSameCost(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= Math.max(Math.abs(a), Math.abs(b)) * 1e-9;
}
