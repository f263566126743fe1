/** What a finish reason says about the answer that it ends. */
export type Ending =
  | 'whole'
  | 'cut' // the answer goes on, but there was no room for it
  | 'paused' // the vendor's own tools work; the same conversation goes on when it is sent again
  | 'calling' // the answer ends in tool calls
  | 'malformed' // the model wrote a tool call that its vendor could not read
  | 'withheld'; // the vendor's filter or the model refused it

const endings: Readonly<Record<Exclude<Ending, 'whole'>, readonly string[]>> = {
  cut: ['length', 'max_tokens', 'model_context_window_exceeded', 'model_length'],
  paused: ['pause_turn'],
  calling: ['tool_calls', 'tool_call', 'tool_use', 'function_call'],
  malformed: [
    'malformed_function_call',
    'unexpected_tool_call',
    'too_many_tool_calls',
    'malformed_tool_use',
    'malformed_model_output',
  ],
  withheld: [
    'content_filter',
    'content_filtered',
    'guardrail_intervened',
    'refusal',
    'safety',
    'recitation',
    'blocklist',
    'prohibited_content',
    'spii',
    'language',
    'image_safety',
  ],
};

const byReason = new Map<string, Ending>(
  Object.entries(endings).flatMap(([ending, reasons]) =>
    reasons.map((reason) => [reason, ending as Ending] as const),
  ),
);

/** @param reason in the vendor's own words; an unknown one ends a whole answer. */
export function endingOf(reason: string | null): Ending {
  return byReason.get(reason?.toLowerCase() ?? '') ?? 'whole';
}
