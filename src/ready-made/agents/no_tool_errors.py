"""Whether every tool call worked, with those of the Logs below."""


def no_tool_errors(log):
    failed = [call for call in log["tool_calls"] if call["error"]]
    lines = [f"{call['name']}: {call['error']}" for call in failed]
    return {"judgment": not failed, "reason": "\n".join(lines) or None}
