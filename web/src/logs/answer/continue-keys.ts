import type { components } from '../../api/schema.gen.ts';
import type { LogResponse } from '../../api/types.ts';
import { sendContinue } from './continue-request.ts';

/** The providers whose keys an interrupted run lacks. */
export function lostKeysOf(log: LogResponse): readonly string[] {
  const { run } = log as { readonly run?: components['schemas']['RunStateResponse'] | null };
  return run?.lost_keys ?? [];
}

/** A field of a request's `provider_api_keys`. */
interface KeyField {
  readonly name: string;
  readonly label: string;
  readonly isSecret: boolean;
}

/** What has to be known again of a provider. */
export function keysThatContinue(provider: string): readonly KeyField[] {
  const key = { name: provider, label: `API key for ${provider}`, isSecret: true };
  if (provider !== 'openai_azure') return [key];
  return [
    key,
    { name: 'openai_azure_endpoint', label: 'Endpoint of the Azure resource', isSecret: false },
  ];
}

/** Goes on with an interrupted run. What is empty is left out. @throws ApiError */
export async function sendKeys(
  logId: string,
  keys: Readonly<Record<string, string>>,
): Promise<void> {
  const given = Object.entries(keys).filter(([, key]) => key !== '');
  await sendContinue({
    log_id: logId,
    messages: [],
    provider_api_keys: Object.fromEntries(given),
  });
}
