import { Plus, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Input } from '../../ui/input.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { useForm } from '../form/form-context.ts';
import type { McpTool } from './tool-entries.ts';

/** A server that offers tools: where it is, what is sent to it, and which of its tools are used. */
export function McpToolFields({
  tool,
  place,
  onChange,
}: {
  readonly tool: McpTool;
  readonly place: string;
  readonly onChange: (tool: McpTool) => void;
}) {
  const { faultAt } = useForm();
  const { server } = tool;
  const headers = Object.entries(server.headers ?? {});
  const keep = (next: readonly (readonly [string, string])[]) =>
    onChange({ ...tool, server: { ...server, headers: Object.fromEntries(next) } });
  return (
    <>
      <Field
        label="Address"
        hint="Where the server speaks MCP over HTTP. Credentials belong into headers."
        fault={faultAt(`${place}.server.url`)}
      >
        {(attributes) => (
          <Input
            {...attributes}
            type="url"
            className="font-mono text-xs"
            value={server.url}
            onChange={({ target }) =>
              onChange({ ...tool, server: { ...server, url: target.value } })
            }
          />
        )}
      </Field>
      <div role="group" aria-label="Headers" className="grid gap-1.5">
        <h3 className="text-xs font-medium text-fg-2">Headers</h3>
        {headers.map(([name, value], index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed
            key={index}
            className="grid grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto] gap-1.5"
          >
            <Input
              aria-label="Name of the header"
              className="font-mono text-xs"
              value={name}
              onChange={({ target }) => keep(headers.with(index, [target.value, value]))}
            />
            <Input
              aria-label={`Value of ${name}`}
              className="font-mono text-xs"
              value={value}
              onChange={({ target }) => keep(headers.with(index, [name, target.value]))}
            />
            <IconButton label={`Remove ${name}`} onClick={() => keep(headers.toSpliced(index, 1))}>
              <X className="size-3.5" />
            </IconButton>
          </div>
        ))}
        <p className="text-xs text-fg-3">
          {faultAt(`${place}.server.headers`) ??
            'Values are stored encrypted. *** keeps the value that is stored.'}
        </p>
        <div>
          <Button size="small" look="ghost" onClick={() => keep([...headers, ['', '']])}>
            <Plus aria-hidden className="size-3.5" />
            Header
          </Button>
        </div>
      </div>
      <Field
        label="Tools to offer"
        hint="One on each line. Empty: all that the server has."
        fault={faultAt(`${place}.allowed_tools`)}
      >
        {(attributes) => (
          <TextArea
            {...attributes}
            className="font-mono text-xs"
            value={(tool.allowed_tools ?? []).join('\n')}
            onChange={({ target: { value } }) =>
              onChange({ ...tool, allowed_tools: value === '' ? null : value.split('\n') })
            }
          />
        )}
      </Field>
    </>
  );
}
