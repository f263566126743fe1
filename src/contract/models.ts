import { Type } from 'typebox';
import { modelProvider } from './providers.ts';

/** The models of a vendor that this server knows. A version may name others. */
export const vendorModels = Type.Object(
  {
    provider: modelProvider,
    models: Type.Array(Type.String(), {
      description: 'Their names, as the vendor uses them, sorted.',
    }),
  },
  { additionalProperties: true, title: 'VendorModelsResponse' },
);
