"""Whether the agent needed few model calls, with those of the Logs below it.

The limit is the key `most_steps` of the target; where there is none, MOST_STEPS.

No judgment where it is not known how many model calls there were.
"""

MOST_STEPS = 10


def steps_at_most(log, testcase):
    target = (testcase and testcase["target"]) or {}
    limit = target.get("most_steps", MOST_STEPS)
    steps = log["totals"]["model_calls"]
    if steps is None:
        return None
    return {"judgment": steps <= limit, "reason": f"{steps} model calls, at most {limit}"}
