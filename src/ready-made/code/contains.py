"""Whether the answer contains what is expected, in upper or lower case.

What is expected is the key `contains` of the target, a text or a list of texts which all have to be
there; else its `output`, or its only value.
"""


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


def contains(log, testcase):
    target = (testcase and testcase["target"]) or {}
    wanted = target["contains"] if "contains" in target else expected(testcase)
    texts = wanted if isinstance(wanted, list) else [wanted]
    answer = answer_of(log).casefold()
    missing = [str(text) for text in texts if str(text).casefold() not in answer]
    return {
        "judgment": not missing,
        "reason": f"Not in the answer: {', '.join(missing)}" if missing else None,
    }
