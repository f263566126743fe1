# with: humanloop-0.8.38 humanloop-0.8.40b6
"""`evaluations.run`: a flow with a callable, a decorated flow, and a prompt that the server runs."""

from humanloop import Humanloop

from shared.server import BASE_URL, KEY, get, post

humanloop = Humanloop(base_url=BASE_URL, api_key=KEY)

datapoints = [
    {"inputs": {"a": 1, "b": 1}, "target": {"sum": "2"}},
    {"inputs": {"a": 2, "b": 2}, "target": {"sum": "4"}},
    {"inputs": {"a": 3, "b": 3}, "target": {"sum": "7"}},
]

has_output = 'def has_output(log):\n    return log["output"] is not None\n'
spec = {"evaluator_type": "python", "arguments_type": "target_required", "return_type": "boolean"}
post("/evaluators", {"path": "has-output", "spec": {**spec, "code": has_output}})


def is_expected(log, target):
    return log["output"] == target["target"]["sum"]


def length(log):
    return len(log["output"])


local = [
    {
        "path": "local/is-expected",
        "args_type": "target_required",
        "return_type": "boolean",
        "callable": is_expected,
        "threshold": 0.5,
    },
    {
        "path": "local/length",
        "args_type": "target_free",
        "return_type": "number",
        "callable": length,
    },
]


def evaluate(file, evaluators, name="sums"):
    """The checks of one run, as `(path, score, threshold_check)`, and the statistics of its Run."""
    checks = humanloop.evaluations.run(
        file=file,
        name=name,
        dataset={"path": "questions", "datapoints": datapoints},
        evaluators=[dict(evaluator) for evaluator in evaluators],
    )
    file_id = post("/files/retrieve-by-path", {"path": file["path"]})["id"]
    (evaluation,) = get("/evaluations", file_id=file_id)["records"]
    assert evaluation["status"] == "completed", evaluation
    stats = get(f"/evaluations/{evaluation['id']}/stats")
    shown = [(check.path, check.score, check.threshold_check) for check in checks]
    return shown, stats["run_stats"][0]


def add(a, b):
    return str(int(a) + int(b))


# A flow with a callable, twice: a client compares the second run with the first.
flow = {"path": "sums/callable", "type": "flow", "version": {"attributes": {"edition": 1}}}
evaluators = [*local, {"path": "has-output"}]
first, _ = evaluate({**flow, "callable": add}, evaluators)
assert [path for path, _, _ in first] == ["local/is-expected", "local/length", "has-output"], first
second, run = evaluate({**flow, "callable": add}, evaluators)
assert second == [("local/is-expected", 0.67, True), ("local/length", 1, None), ("has-output", 1, None)], second
assert run["num_logs"] == 3 and run["status"] == "completed", run
assert [each["total_logs"] for each in run["evaluator_stats"]] == [3, 3, 3], run


# A decorated flow: its spans end the logs.
@humanloop.flow(path="sums/decorated", attributes={"edition": 1})
def decorated(a, b):
    return add(a, b)


decorated_flow = {"path": "sums/decorated", "type": "flow", "callable": decorated}
_, run = evaluate(decorated_flow, [{"path": "has-output"}])
assert run["num_logs"] == 3, run
assert run["evaluator_stats"][0]["num_true"] == 3, run

# A prompt without a callable: the server runs it over the dataset.
template = [{"role": "user", "content": "What is {{a}} and {{b}}?"}]
version = {"provider": "mock", "model": "mock", "template": template}
prompt = {"path": "sums/prompt", "type": "prompt", "version": version}
_, run = evaluate(prompt, [{"path": "has-output"}])
assert run["num_logs"] == 3, run
assert run["evaluator_stats"][0]["num_true"] == 3, run
