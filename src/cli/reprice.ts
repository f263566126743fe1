import { repriceLogs } from '../administration.ts';
import { readTime } from '../kernel/moment.ts';
import type { Given } from './command.ts';
import type { databaseOptions } from './options.ts';
import { configWith } from './settings.ts';

/** `reprice`: computes the costs of stored model calls again, and prints what changed. */
export async function reprice(
  given: Given<typeof databaseOptions> & { readonly since?: string; readonly 'dry-run'?: boolean },
): Promise<void> {
  const { since, 'dry-run': isDryRun = false } = given;
  const { table, ...report } = await repriceLogs(configWith(given), {
    since: since === undefined ? null : readDate(since),
    isDryRun,
  });
  const { difference } = report;
  const amount = `$${Math.abs(difference).toFixed(6)} ${difference < 0 ? 'less' : 'more'}`;
  const lines = [
    `Checked ${counted(report.calls, 'model call')} of ${counted(report.logs, 'log')}.`,
    `${isDryRun ? 'Would change' : 'Changed'} ${counted(report.changedCalls, 'model call')} of ${counted(report.changedLogs, 'log')}, in total ${amount}.`,
    `Prices: ${table}.`,
  ];
  if (report.nowUnknown > 0) {
    lines.push(`There is no longer a price for ${counted(report.nowUnknown, 'model call')}.`);
  }
  if (report.openLogs > 0) {
    lines.push(`Skipped ${counted(report.openLogs, 'log')} whose run has not ended.`);
  }
  console.log(lines.join('\n'));
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function readDate(text: string): Date {
  const since = readTime(text);
  if (!since) throw new Error(`--since must be a date, such as 2026-05-01, not ${text}.`);
  return new Date(since.first);
}
