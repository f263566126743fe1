# with: humanloop-0.8.38 humanloop-0.8.40b6
"""What a flow may return or throw, and flows inside of flows."""

import json

from humanloop import Humanloop

from shared.server import BASE_URL, KEY, expect_traces, post

humanloop = Humanloop(base_url=BASE_URL, api_key=KEY)


@humanloop.tool(path="Outputs/divide")
def divide(a: int, b: int) -> float:
    return a / b


@humanloop.flow(path="Outputs/dict")
def returns_dict():
    return {"sum": 4, "of": [2, 2], "none": None}


@humanloop.flow(path="Outputs/message")
def returns_message(messages: list):
    return {"role": "assistant", "content": "Four."}


@humanloop.flow(path="Outputs/nothing")
def returns_nothing():
    pass


@humanloop.flow(path="Outputs/throws")
def throws():
    raise ValueError("There is no third number.")


@humanloop.flow(path="Outputs/inner")
def inner():
    return str(divide(a=4, b=2))


@humanloop.flow(path="Outputs/outer")
def outer():
    half = inner()
    try:
        divide(a=1, b=0)
    except UnboundLocalError:
        # 0.8.38 has nothing to return when a tool throws, and throws that.
        pass
    return half


@humanloop.flow(path="Outputs/logs")
def logs():
    humanloop.tools.log(path="Outputs/logged", tool={}, inputs={"a": 1}, output="1")
    return humanloop.prompts.call(path="Outputs/called").logs[0].output


value = {"sum": 4, "of": [2, 2], "none": None}
assert returns_dict() == value
expect_traces("Outputs/dict", ("Outputs/dict", json.dumps(value), None, []))

message = {"role": "assistant", "content": "Four."}
assert returns_message(messages=[{"role": "user", "content": "Two and two?"}]) == message
# A message is no output: the SDK's own tests look for null.
[log] = expect_traces("Outputs/message", ("Outputs/message", None, None, []))
assert log["output_message"]["content"] == "Four."
assert [said["content"] for said in log["messages"]] == ["Two and two?"], log["messages"]

assert returns_nothing() is None
expect_traces("Outputs/nothing", ("Outputs/nothing", "null", None, []))

assert throws() is None
expect_traces("Outputs/throws", ("Outputs/throws", None, "There is no third number.", []))

assert outer() == "2.0"
divided = ("Outputs/divide", "2.0", None, [])
failed = ("Outputs/divide", None, "division by zero", [])
steps = [("Outputs/inner", "2.0", None, [divided]), failed]
[log] = expect_traces("Outputs/outer", ("Outputs/outer", "2.0", None, steps))
assert all(step["trace_id"] == log["id"] for step in log["trace_children"])

called = {"path": "Outputs/called", "provider": "mock", "model": "m", "template": "Hello."}
post("/prompts", {**called, "other": {"script": [{"content": "Called."}]}})
assert logs() == "Called."
steps = [("Outputs/logged", "1", None, []), ("Outputs/called", "Called.", None, [])]
expect_traces("Outputs/logs", ("Outputs/logs", "Called.", None, steps))
