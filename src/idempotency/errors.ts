import { PlatformError } from '../kernel/errors.ts';

export const idempotencyKeyReused = (key: string) =>
  new PlatformError(
    'conflict',
    'idempotency_key_reused',
    `The Idempotency-Key \`${key}\` was already used for a different request. Use a new key for each new request.`,
  );
