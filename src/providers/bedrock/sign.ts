import { AwsV4Signer } from 'aws4fetch';
import type { UnsignedRequest } from '../recording-fetch.ts';
import type { Credentials } from './credentials.ts';

/** The headers of a request with Amazon's signature or token. */
export async function signed(
  { url, headers, body }: UnsignedRequest,
  credentials: Credentials,
  region: string,
): Promise<Headers> {
  const { authorization: _package, ...others } = headers;
  if (credentials.type === 'token') {
    return new Headers({ ...others, authorization: `Bearer ${credentials.token}` });
  }
  const { type: _type, ...keys } = credentials;
  const signer = new AwsV4Signer({
    ...keys,
    url,
    body,
    region,
    method: 'POST',
    service: 'bedrock',
    headers: others,
  });
  return (await signer.sign()).headers;
}
