/** The results of tool calls, by the ids of the calls. */
export type Answers = ReadonlyMap<string, string>;

/** The results as messages. */
export function toolMessages(answers: Answers) {
  return [...answers].map(([callId, content]) => ({
    role: 'tool',
    tool_call_id: callId,
    content,
  }));
}
