"""Whether the answer is the expected one: the `output` of the target, or its only value.

Space around the two does not count. An expected value that is no text (a number, an object) is
compared with the JSON that the answer is.
"""

import json


def answer_of(log):
    """The output of the Log, or the text of its last message."""
    if log["output"] is not None:
        return log["output"]
    content = (log.get("output_message") or {}).get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content)


def expected(testcase):
    """The `output` of the target, or its only value."""
    target = (testcase and testcase["target"]) or {}
    if "output" in target:
        return target["output"]
    if len(target) == 1:
        return next(iter(target.values()))
    raise ValueError("The target of the Datapoint needs a key `output`.")


def exact_match(log, testcase):
    answer = answer_of(log)
    value = expected(testcase)
    if isinstance(value, str):
        return answer.strip() == value.strip()
    try:
        return json.loads(answer) == value
    except ValueError:
        return False
