import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { type Vendor, vendors } from './vendors.ts';

/** What is typed of a key for a vendor. */
export interface GivenKey {
  readonly key: string;
  /** Only for Azure, whose resources each have an address. */
  readonly endpoint: string;
}

/** The fields of a key for a vendor. */
export function ProviderKeyFields({
  vendor,
  given,
  onChange,
}: {
  readonly vendor: Vendor;
  readonly given: GivenKey;
  readonly onChange: (given: GivenKey) => void;
}) {
  return (
    <>
      <Field label="API key" hint="Stored encrypted, and never shown again.">
        {(attributes) => (
          <Input
            {...attributes}
            type="password"
            required
            value={given.key}
            onChange={({ target }) => onChange({ ...given, key: target.value.trim() })}
            placeholder={vendors[vendor].keyHint}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      {vendor === 'openai_azure' && (
        <Field label="Endpoint" hint="The address of the resource that the key is for.">
          {(attributes) => (
            <Input
              {...attributes}
              type="url"
              required
              value={given.endpoint}
              onChange={({ target }) => onChange({ ...given, endpoint: target.value })}
              placeholder="https://my-resource.openai.azure.com"
              autoComplete="off"
            />
          )}
        </Field>
      )}
    </>
  );
}
