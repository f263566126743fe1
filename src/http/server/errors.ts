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

export const sessionRequired = () =>
  new PlatformError(
    'forbidden',
    'session_required',
    'This is for people who are signed in. An API key cannot do it.',
  );

export const crossSiteRequest = () =>
  new PlatformError(
    'forbidden',
    'cross_site_request',
    'A session changes something only from a page of this server. Other programs use an API key.',
  );

export const twoHosts = () =>
  new PlatformError('malformed', 'bad_request', 'The request has more than one Host header.');
