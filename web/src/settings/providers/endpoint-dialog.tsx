import { useState } from 'react';
import type { CustomEndpoint } from '../../api/types.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { toast } from '../../ui/toasts.tsx';
import { type GivenHeader, givenHeaders, sentHeaders } from './given-headers.ts';
import { HeaderFields } from './header-fields.tsx';
import { changeEndpoint, createEndpoint, type EndpointChange } from './provider-queries.ts';
import { QuirkFields } from './quirk-fields.tsx';

/** Makes a custom endpoint, or changes one. Secrets that are not given stay. */
export function EndpointDialog({
  endpoint,
  onClose,
}: {
  /** Undefined: a new one. */
  readonly endpoint: CustomEndpoint | undefined;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(endpoint?.name ?? '');
  const [url, setUrl] = useState(endpoint?.base_url ?? '');
  const [key, setKey] = useState('');
  const [removesKey, setRemovesKey] = useState(false);
  const [headers, setHeaders] = useState<readonly GivenHeader[]>(givenHeaders(endpoint?.headers));
  const [quirks, setQuirks] = useState(endpoint?.quirks ?? {});
  const send = async () => {
    const change: EndpointChange = {
      base_url: url.trim(),
      headers: sentHeaders(headers),
      quirks,
      ...(removesKey ? { api_key: null } : key && { api_key: key }),
    };
    await (endpoint ? changeEndpoint(endpoint.name, change) : createEndpoint(name, change));
    toast(endpoint ? `${name} is saved` : `${name} is there. Versions can name it now.`);
  };
  return (
    <FormDialog
      title={endpoint ? `Edit “${endpoint.name}”` : 'New custom endpoint'}
      action={endpoint ? 'Save' : 'Add the endpoint'}
      onSend={send}
      onClose={onClose}
    >
      <Field
        label="Name"
        hint={
          endpoint
            ? 'Versions know it by its name, so it stays.'
            : 'Lower-case letters, digits and dashes. Versions name it as their provider.'
        }
      >
        {(attributes) => (
          <Input
            {...attributes}
            value={name}
            onChange={({ target }) => setName(target.value)}
            readOnly={endpoint !== undefined}
            required
            maxLength={63}
            pattern="[a-z0-9]+(-[a-z0-9]+)*"
            autoComplete="off"
            className="font-mono"
          />
        )}
      </Field>
      <Field label="Base URL" hint="/chat/completions is appended.">
        {(attributes) => (
          <Input
            {...attributes}
            type="url"
            value={url}
            onChange={({ target }) => setUrl(target.value)}
            required
            placeholder="https://llm.example.com/v1"
            autoComplete="off"
            className="font-mono"
          />
        )}
      </Field>
      <Field label="API key" hint="Sent as a bearer token. Many servers need none.">
        {(attributes) => (
          <Input
            {...attributes}
            type="password"
            value={key}
            onChange={({ target }) => setKey(target.value.trim())}
            disabled={removesKey}
            placeholder={endpoint?.has_key ? 'Stays as it is' : ''}
            autoComplete="off"
            className="font-mono"
          />
        )}
      </Field>
      {endpoint?.has_key && (
        <Checkbox checked={removesKey} onChange={setRemovesKey}>
          Remove the key
        </Checkbox>
      )}
      <HeaderFields headers={headers} onChange={setHeaders} />
      <QuirkFields quirks={quirks} onChange={setQuirks} />
    </FormDialog>
  );
}
