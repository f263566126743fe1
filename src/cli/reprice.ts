import { parseArgs } from 'node:util';
import { repriceLogs } from '../compose.ts';
import { readConfig } from '../config.ts';
import { readTime } from '../kernel/given-time.ts';

/** `reprice [--since <date>] [--dry-run]`: prices stored model calls anew, and says what changed. */
export async function repriceCommand(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { since: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const isDryRun = values['dry-run'];
  const { table, ...report } = await repriceLogs(readConfig(), {
    since: values.since === undefined ? null : dateOf(values.since),
    isDryRun,
  });
  const { difference } = report;
  const amount = `$${Math.abs(difference).toFixed(6)} ${difference < 0 ? 'less' : 'more'}`;
  const lines = [
    `Looked at ${counted(report.calls, 'model call')} of ${counted(report.logs, 'log')}.`,
    `${isDryRun ? 'Would change' : 'Changed'} ${counted(report.changedCalls, 'model call')} of ${counted(report.changedLogs, 'log')}, in total ${amount}.`,
    `Prices: ${table}.`,
  ];
  if (report.nowUnknown > 0) {
    lines.push(`No price is known any more for ${counted(report.nowUnknown, 'model call')}.`);
  }
  if (report.openLogs > 0) {
    lines.push(`Left ${counted(report.openLogs, 'log')} whose run has not ended.`);
  }
  console.log(lines.join('\n'));
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function dateOf(text: string): Date {
  const since = readTime(text);
  if (!since) throw new Error(`--since takes a date, such as 2026-05-01, not ${text}.`);
  return new Date(since.first);
}
