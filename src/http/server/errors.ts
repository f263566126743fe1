import { PlatformError } from '../../kernel/errors.ts';

export const notAForm = () =>
  new PlatformError(
    'unsupported',
    'not_a_form',
    'The body must be a form. Send it with Content-Type: multipart/form-data.',
  );
