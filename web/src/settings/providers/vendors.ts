import type { ProviderKey } from '../../api/types.ts';

export type Vendor = Exclude<ProviderKey['provider'], 'mock'>;

interface VendorFacts {
  readonly name: string;
  /** Two letters in place of a logo. */
  readonly mark: string;
  /** What a key of it looks like. */
  readonly keyHint: string;
  /** Whether every model has a name of the customer's own, so that a trial must name one. */
  readonly hasOwnModels?: boolean;
}

/** The model vendors that take a key, by the names that versions use. */
export const vendors: Readonly<Record<Vendor, VendorFacts>> = {
  openai: { name: 'OpenAI', mark: 'Op', keyHint: 'sk-…' },
  anthropic: { name: 'Anthropic', mark: 'An', keyHint: 'sk-ant-…' },
  google: { name: 'Google', mark: 'Go', keyHint: 'AIza…' },
  bedrock: { name: 'Amazon Bedrock', mark: 'Be', keyHint: 'ABSK…, or ACCESS:SECRET' },
  openai_azure: { name: 'Azure OpenAI', mark: 'Az', keyHint: '32 characters', hasOwnModels: true },
  groq: { name: 'Groq', mark: 'Gr', keyHint: 'gsk_…' },
  deepseek: { name: 'DeepSeek', mark: 'De', keyHint: 'sk-…' },
  cohere: { name: 'Cohere', mark: 'Co', keyHint: '40 characters' },
  replicate: { name: 'Replicate', mark: 'Re', keyHint: 'r8_…' },
};

export const vendorNames = Object.keys(vendors) as readonly Vendor[];
