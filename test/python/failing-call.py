# with: humanloop-0.8.38 humanloop-0.8.40b6
"""A call that fails inside of a flow deletes the flow's log; what follows is traced all the same.

The client has one thread that sends spans, and ends it at any answer but 200: here it sends the end
of a flow that is not there any more.
"""

from humanloop import Humanloop

from shared.server import BASE_URL, KEY, expect_traces

humanloop = Humanloop(base_url=BASE_URL, api_key=KEY)


@humanloop.tool(path="Failing/add")
def add(a: int, b: int) -> int:
    return a + b


@humanloop.flow(path="Failing/flow")
def failing():
    add(a=1, b=1)
    return humanloop.prompts.call(path="Failing/nowhere").logs[0].output


@humanloop.flow(path="Failing/next")
def following():
    return str(add(a=2, b=2))


try:
    failing()
except Exception as error:
    assert type(error).__name__ == "HumanloopRuntimeError", repr(error)
else:
    raise AssertionError("The call did not fail.")

assert following() == "4"
expect_traces("Failing/next", ("Failing/next", "4", None, [("Failing/add", "4", None, [])]))
expect_traces("Failing/flow")
