"""Whether the answer is JSON, and nothing else."""

import json


def answer_of(log):
    """The output of the Log, or the text of its last message."""
    if log["output"] is not None:
        return log["output"]
    content = (log.get("output_message") or {}).get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def valid_json(log):
    try:
        json.loads(answer_of(log), parse_constant=no_constant)
    except ValueError as error:
        return {"judgment": False, "reason": str(error)}
    return True
