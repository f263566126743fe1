"""The server as every script sees it: an organization of its own, and models that answer."""

import os
import time

import httpx

BASE_URL = os.environ["BASE_URL"]
KEY = os.environ["KEY"]
MODEL_URL = os.environ["MODEL_URL"]

_server = httpx.Client(base_url=BASE_URL, headers={"X-API-KEY": KEY}, timeout=30)


def get(path, **query):
    answer = _server.get(path, params=query)
    assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
    return answer.json()


def post(path, body):
    answer = _server.post(path, json=body)
    assert answer.status_code == 200, f"POST {path}: {answer.status_code} {answer.text}"
    return answer.json()


def traces_of(path):
    """The logs of a file, the newest first, each with the steps below it."""
    found = _server.post("/files/retrieve-by-path", json={"path": path})
    if found.status_code == 404:
        return []
    logs = get("/logs", file_id=found.json()["id"], size=50)["records"]
    return [get(f"/logs/{log['id']}") for log in logs]


def outline(log):
    """A log as `(path, output, error, steps)`."""
    file = log.get("flow") or log.get("tool") or log.get("prompt")
    steps = [outline(step) for step in log["trace_children"]]
    return (file["path"], log["output"], log["error"], steps)


def expect_traces(path, *expected):
    """Waits until the file has these logs, the newest first, and all flows among them are complete.

    Clients send what they saw from a thread of their own. Answers the logs.
    """
    deadline = time.monotonic() + 30
    while True:
        logs = traces_of(path)
        seen = [outline(log) for log in logs]
        is_complete = all(log["log_status"] != "incomplete" for log in logs)
        if seen == list(expected) and is_complete:
            return logs
        assert time.monotonic() < deadline, f"Not {list(expected)} but {seen}; complete: {is_complete}"
        time.sleep(0.1)
