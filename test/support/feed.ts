import { feedConsumers } from '../../src/compose.ts';
import type { Database } from '../../src/database/database.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import type { FeedConsumer } from '../../src/logs/feed/feed-consumer.ts';
import { moveFeed } from '../../src/logs/feed/move-feed.ts';
import { indexTexts } from '../../src/logs/search/search-queries.ts';

const logger = createLogger('silent', () => undefined);

/** Moves what is in the feed and not postponed, as a server does every second. */
export async function drainFeed(
  database: Database,
  consumers: readonly FeedConsumer[] = feedConsumers,
): Promise<void> {
  // A server of the test may be moving, so that for us there is nothing to be moved.
  while (await hasRows(database, 'log_feed WHERE retry_at IS NULL OR retry_at <= now()')) {
    await moveFeed(database, consumers, logger);
  }
}

/** Makes every complete log ready for search, as a server does within seconds. */
export async function indexLogs(database: Database): Promise<void> {
  await drainFeed(database);
  while (await hasRows(database, 'log_unsearched')) await indexTexts(database, 20);
}

async function hasRows({ pool }: Database, from: string): Promise<boolean> {
  const { rows } = await pool.query(`SELECT FROM ${from} LIMIT 1`);
  return rows.length > 0;
}
