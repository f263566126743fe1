"""How many tool calls the agent made, with those of the Logs below it."""


def tool_call_count(log):
    return len(log["tool_calls"])
