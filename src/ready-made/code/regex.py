"""Whether the answer matches a regular expression: the key `pattern` of the target.

It may match anywhere; `^` and `$` tie it to the beginning and the end.
"""

import re


def answer_of(log):
    """The output of the Log, or the text of its last message."""
    if log["output"] is not None:
        return log["output"]
    content = (log.get("output_message") or {}).get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content)


def regex(log, testcase):
    target = (testcase and testcase["target"]) or {}
    if "pattern" not in target:
        raise ValueError("The target of the Datapoint needs a key `pattern`.")
    return re.search(target["pattern"], answer_of(log)) is not None
