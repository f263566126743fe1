# with: humanloop-0.8.23 humanloop-0.8.38
"""Python SDK 0.8.17 and later: a decorated flow that calls a decorated tool is one trace."""

import os
import time
import uuid

import httpx
from humanloop import Humanloop

client = Humanloop(base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"])
folder = f"python/decorated-{uuid.uuid4()}"


@client.tool(path=f"{folder}/tool")
def add(a: int, b: int) -> int:
    return a + b


@client.flow(path=f"{folder}/flow")
def run(question: str) -> str:
    return str(add(1, 2))


def ask(method, path, **rest):
    headers = {"X-API-KEY": os.environ["KEY"]}
    url = f"{os.environ['BASE_URL']}{path}"
    return httpx.request(method, url, headers=headers, timeout=60, **rest).json()


def trace():
    """The log of the flow, when the SDK has sent it whole: it does so in the background."""
    flow = ask("POST", "/files/retrieve-by-path", json={"path": f"{folder}/flow"})
    if "id" not in flow:
        return None
    query = {"file_id": flow["id"], "include_trace_children": "true"}
    logs = ask("GET", "/logs", params=query)["records"]
    is_whole = logs and logs[0]["output"] is not None and logs[0]["trace_children"]
    return logs[0] if is_whole else None


assert run(question="What is 1 + 2?") == "3"
deadline = time.monotonic() + 60
while trace() is None and time.monotonic() < deadline:
    time.sleep(0.2)
log = trace()
assert log is not None, "The trace did not come."
assert log["output"] == "3", log
[child] = log["trace_children"]
assert (child["tool"]["path"], child["output"]) == (f"{folder}/tool", "3"), child
