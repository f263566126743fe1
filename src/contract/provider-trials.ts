import { Type } from 'typebox';
import { nullable, optional } from './nullable.ts';

const model = Type.String({ minLength: 1, maxLength: 500 });

/** What to try of a vendor. */
export const vendorTrialRequest = Type.Object({
  model: optional({
    ...model,
    description:
      'The model to call. Default: a small one of the vendor. `openai_azure` needs it: the name of a deployment.',
  }),
});

/** What to try of a custom endpoint. */
export const endpointTrialRequest = Type.Object({
  model: Type.Unsafe<string>({ ...model, description: 'The model to call.' }),
});

/** How a trial call went. */
export const trialResponse = Type.Object(
  {
    ok: Type.Boolean({ description: 'Whether the model answered.' }),
    model: Type.String({ description: 'The model that was called.' }),
    latency_ms: Type.Integer({ description: 'How long it took, in milliseconds.' }),
    error: nullable(
      Type.String({
        description: 'What the vendor said, if there was no answer. No key is in it.',
      }),
    ),
  },
  { additionalProperties: true, title: 'ProviderTrialResponse' },
);
