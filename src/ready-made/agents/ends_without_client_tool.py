"""Whether the agent ended by itself, and not with a call that your own code has to answer.

Calls for your own code are those of inline tools that do not stop the agent.
"""


def client_tools(agent):
    """The names of tools that the agent cannot run and that do not end it."""
    return {
        tool["json_schema"]["name"]
        for tool in agent.get("tools") or []
        if tool.get("type") == "inline" and tool.get("on_agent_call") != "stop"
    }


def ends_without_client_tool(log):
    calls = (log["output_message"] or {}).get("tool_calls") or []
    names = [call["function"]["name"] for call in calls]
    waiting = [name for name in names if name in client_tools(log.get("agent") or {})]
    return {
        "judgment": not waiting,
        "reason": f"Waits for {', '.join(waiting)}" if waiting else None,
    }
