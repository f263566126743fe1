# with: humanloop-0.8.6 humanloop-0.8.23
"""Python SDK 0.8.6 to 0.8.23: a flow's status is `trace_status`."""

import os

from humanloop import Humanloop

client = Humanloop(base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"])

made = client.flows.log(
    path="python/old flow",
    flow={"attributes": {"version": 1}},
    inputs={"question": "Why?"},
    trace_status="incomplete",
)
assert made.trace_status == "incomplete", made

child = client.tools.log(
    path="python/old tool",
    tool={"function": {"name": "look_up", "description": "Looks it up."}},
    inputs={"q": "why"},
    output="Because.",
    trace_parent_id=made.id,
)

done = client.flows.update_log(log_id=made.id, output="Because.", trace_status="complete")
assert done.trace_status == "complete", done
assert done.output == "Because.", done

log = client.logs.get(made.id)
status = log["trace_status"] if isinstance(log, dict) else log.trace_status
children = log["trace_children"] if isinstance(log, dict) else log.trace_children
ids = [one["id"] if isinstance(one, dict) else one.id for one in children]
assert status == "complete", log
assert ids == [child.id], ids
