import type { CustomEndpoint } from '../../api/types.ts';
import { Checkbox } from '../../ui/checkbox.tsx';

type Quirks = CustomEndpoint['quirks'];

/** How a server differs from OpenAI's. Most need none of this. */
export function QuirkFields({
  quirks,
  onChange,
}: {
  readonly quirks: Quirks;
  readonly onChange: (quirks: Quirks) => void;
}) {
  return (
    <details className="rounded-md border border-line px-3 py-1.5">
      <summary className="min-h-6 text-xs font-medium text-fg-2">
        How it differs from OpenAI’s API
      </summary>
      <div className="grid gap-1 pt-1.5 pb-1">
        <Checkbox
          checked={quirks.max_tokens_field === 'max_completion_tokens'}
          onChange={(is) =>
            onChange({ ...quirks, max_tokens_field: is ? 'max_completion_tokens' : 'max_tokens' })
          }
        >
          It calls the limit max_completion_tokens
        </Checkbox>
        <Checkbox
          checked={quirks.stream_options === false}
          onChange={(is) => onChange({ ...quirks, stream_options: !is })}
        >
          It refuses stream_options (streamed calls have no token counts then)
        </Checkbox>
        <Checkbox
          checked={quirks.developer_role === true}
          onChange={(is) => onChange({ ...quirks, developer_role: is })}
        >
          It knows the role developer
        </Checkbox>
        <Checkbox
          checked={quirks.late_system_messages === false}
          onChange={(is) => onChange({ ...quirks, late_system_messages: !is })}
        >
          It refuses system messages after the first message
        </Checkbox>
        <Checkbox
          checked={quirks.named_tool_choice === false}
          onChange={(is) => onChange({ ...quirks, named_tool_choice: !is })}
        >
          It knows tool_choice only as a word
        </Checkbox>
      </div>
    </details>
  );
}
