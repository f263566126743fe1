import { PlatformError } from '../kernel/errors.ts';

export const idempotencyKeyReused = (key: string) =>
  new PlatformError(
    'conflict',
    'idempotency_key_reused',
    `Another request was made with the Idempotency-Key \`${key}\`. A new request needs a new key.`,
  );
