import type { FeedConsumer } from './logs/feed/feed-consumer.ts';
import { logCounts } from './logs/list/log-counts.ts';
import { searchIntake } from './logs/search/search-intake.ts';

/** Who receives what happens to logs, in this order. */
export const feedConsumers: readonly FeedConsumer[] = [logCounts, searchIntake];
