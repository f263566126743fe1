import type { Database } from '../database/database.ts';
import type { Cost } from '../pricing/price.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import {
  type LogKey,
  listStoredCosts,
  type NewCosts,
  type StoredCall,
  type StoredCosts,
  writeCosts,
} from './reprice-queries.ts';
import { totalCost } from './totals.ts';
import { authorOf } from './turn-author.ts';

/** What a new pricing came to. */
export interface RepriceReport {
  /** Model calls and their logs that were looked at. */
  readonly calls: number;
  readonly logs: number;
  /** Those that cost something else now. */
  readonly changedCalls: number;
  readonly changedLogs: number;
  /** Of these calls, the ones that no price is known for any more. */
  readonly nowUnknown: number;
  /** Logs whose runs have not ended, and that were left as they are. */
  readonly openLogs: number;
  /** US dollars that the changed calls cost more, together; less, where it is below 0. */
  readonly difference: number;
}

/** Logs that are looked at in one query. */
const logsAtOnce = 200;
/** Logs that are written side by side: they share the commits. */
const writesAtOnce = 8;

/**
 * Prices every stored model call anew, and sums up the costs of its log. Run again, it changes
 * nothing; it may run beside servers that work.
 *
 * A log's cost is changed where it is what its calls cost together; one that a client gave stays. A
 * log whose run has not ended is left, since the run would write the sum of what it knows.
 *
 * @param options.since logs that had no model call since then are left as well.
 * @param options.isDryRun true: nothing is written.
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
        report.difference += dollarsOf(cost) - dollarsOf(before);
        if (cost.price_table === null) report.nowUnknown += 1;
      }
      changes.push(newCosts(log, changed));
    }
    if (!isDryRun) await writeAll(database, changes);
    after = page.at(-1);
    if (!after) return report;
  }
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
    return areSame(cost, before) ? [] : [{ before, cost }];
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
      prompt_cost: isSame(prompt_cost, was.prompt_cost) ? is.prompt_cost : prompt_cost,
      output_cost: isSame(output_cost, was.output_cost) ? is.output_cost : output_cost,
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

function dollarsOf({ prompt_cost, output_cost }: Dollars): number {
  return (prompt_cost ?? 0) + (output_cost ?? 0);
}

function areSame(a: Dollars, b: Dollars): boolean {
  return isSame(a.prompt_cost, b.prompt_cost) && isSame(a.output_cost, b.output_cost);
}

/** Whether two costs are equal, but for what the order of a sum does to its last digits. */
function isSame(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= Math.max(Math.abs(a), Math.abs(b)) * 1e-9;
}
