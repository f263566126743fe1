# with: humanloop-0.8.6 humanloop-0.8.40b6
"""Python SDK 0.8.6 and later: what to do about calls that take longer than the SDK waits (60 s)."""

import inspect
import os
import time
import uuid

import httpx
from humanloop import Humanloop

client = Humanloop(base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"])

call = {
    "path": "python/slow",
    "prompt": {
        "model": "scripted",
        "provider": "mock",
        "other": {"script": [{"content": "At last.", "delay_ms": 2500}]},
    },
    "messages": [{"role": "user", "content": "Hello"}],
}
impatient = {"timeout_in_seconds": 1}


def output_of(log_id):
    url = f"{os.environ['BASE_URL']}/logs/{log_id}"
    return httpx.get(url, headers={"X-API-KEY": os.environ["KEY"]}, timeout=60).json()["output"]


# The SDK gives up; the run goes on, and the same `log_id` has its answer.
same = {**call, "log_id": f"slow-{uuid.uuid4()}"}
if "log_id" not in inspect.signature(type(client.prompts).call).parameters:
    del same["log_id"]
try:
    client.prompts.call(**same, request_options=impatient)
except Exception as error:
    # 0.8.38 and later wrap it.
    causes = (error, error.__cause__)
    assert any(isinstance(one, httpx.TimeoutException) for one in causes), error
else:
    raise AssertionError("The SDK waited.")
answer = client.prompts.call(**same, request_options={"timeout_in_seconds": 300})
assert answer.logs[0].output == "At last.", answer

# Asked to answer later, the server answers with the log at once.
later = {"timeout_in_seconds": 2, "additional_headers": {"Prefer": "respond-async"}}
begun = client.prompts.call(**call, request_options=later)
deadline = time.monotonic() + 60
while output_of(begun.id) is None and time.monotonic() < deadline:
    time.sleep(0.2)
assert output_of(begun.id) == "At last."
