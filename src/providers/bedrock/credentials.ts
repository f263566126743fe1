/** What authenticates a request to Amazon. */
export type Credentials =
  | { readonly type: 'token'; readonly token: string }
  | {
      readonly type: 'access_key';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };

const region = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/**
 * Reads a key for Amazon Bedrock: a Bedrock API key, or `<access key id>:<secret access
 * key>[:<session token>]`. Either may begin with `<region>:`.
 *
 * @throws Error when it is neither. The message continues a sentence after a colon, and does not
 *   contain the key.
 */
export function bedrockCredentials(key: string): {
  readonly credentials: Credentials;
  /** Undefined: the server's region. */
  readonly region: string | undefined;
} {
  const [first = '', ...others] = key.split(':');
  const hasRegion = region.test(first) && others.length > 0;
  const [id = '', secret, session, ...more] = hasRegion ? others : [first, ...others];
  const ofKey = hasRegion ? first : undefined;
  if (secret === undefined && id !== '') {
    return { credentials: { type: 'token', token: id }, region: ofKey };
  }
  if (!id || !secret || session === '' || more.length > 0) {
    throw new Error(
      'the key is neither an API key nor `<access key id>:<secret access key>[:<session token>]`.',
    );
  }
  return {
    credentials: {
      type: 'access_key',
      accessKeyId: id,
      secretAccessKey: secret,
      ...(session !== undefined && { sessionToken: session }),
    },
    region: ofKey,
  };
}

/**
 * The URL of Bedrock's models in a region.
 *
 * @throws Error when the name is no region. The message continues a sentence after a colon.
 */
export function bedrockUrl(name: string): string {
  if (!region.test(name)) {
    throw new Error(
      'there is no region. Set AWS_REGION, or begin the key with a region and a colon.',
    );
  }
  const domain = name.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://bedrock-runtime.${name}.${domain}`;
}
