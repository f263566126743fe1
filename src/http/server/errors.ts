import { PlatformError } from '../../kernel/errors.ts';
import { clipText } from '../../kernel/text.ts';

export const notAForm = () =>
  new PlatformError(
    'unsupported',
    'not_a_form',
    'The body must be a form. Send it with Content-Type: multipart/form-data.',
  );

export const encodedBody = (encoding: string) =>
  new PlatformError(
    'unsupported',
    'encoded_body',
    `The body is sent as \`${clipText(encoding, 40)}\`, which this server does not decode. Send it as it is.`,
  );

export const foreignCharset = (charset: string) =>
  new PlatformError(
    'unsupported',
    'foreign_charset',
    `The body is said to be \`${clipText(charset, 40)}\`. Send it as UTF-8.`,
  );

export const twoHosts = () =>
  new PlatformError('malformed', 'bad_request', 'The request has more than one Host header.');
