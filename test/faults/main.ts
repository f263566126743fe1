import { runCampaign } from './campaign.ts';
import { readOptions, usage } from './options.ts';

try {
  const startedAt = performance.now();
  const tally = await runCampaign(readOptions(process.argv.slice(2)), console.log);
  console.log(`\n${tally.table()}\n`);
  console.log(`${Math.round((performance.now() - startedAt) / 1_000)} s`);
  process.exit(tally.violations.length === 0 ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  console.error(`\n${usage}`);
  process.exit(1);
}
