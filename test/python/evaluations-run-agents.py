# with: humanloop-0.8.40b6
"""`evaluations.run` of an agent, and of a decorated flow whose evaluators are local."""

from humanloop import Humanloop

from shared.server import BASE_URL, KEY, get, post

humanloop = Humanloop(base_url=BASE_URL, api_key=KEY)
spec = {"evaluator_type": "python", "arguments_type": "target_free", "return_type": "boolean"}
code = 'def has_output(log):\n    return log["output"] is not None\n'
post("/evaluators", {"path": "has-output", "spec": {**spec, "code": code}})
dataset = {"path": "names", "datapoints": [{"inputs": {"name": name}} for name in ("Ada", "Alan")]}


def run_of(path):
    file_id = post("/files/retrieve-by-path", {"path": path})["id"]
    (evaluation,) = get("/evaluations", file_id=file_id)["records"]
    return get(f"/evaluations/{evaluation['id']}/stats")["run_stats"][0]


agent = {
    "path": "greetings/agent",
    "type": "agent",
    "version": {
        "provider": "mock",
        "model": "mock",
        "template": [{"role": "user", "content": "Greet {{name}}."}],
    },
}
humanloop.evaluations.run(
    file=agent, name="greetings", dataset=dict(dataset), evaluators=[{"path": "has-output"}]
)
run = run_of("greetings/agent")
assert run["num_logs"] == 2 and run["evaluator_stats"][0]["num_true"] == 2, run


@humanloop.flow(path="greetings/flow")
def greet(name):
    return f"Hello, {name}!"


def is_greeting(log):
    return log["output"].startswith("Hello")


evaluator = {
    "path": "is-greeting",
    "args_type": "target_free",
    "return_type": "boolean",
    "callable": is_greeting,
}
humanloop.evaluations.run(
    file={"path": "greetings/flow", "type": "flow", "callable": greet},
    name="greetings",
    dataset=dict(dataset),
    evaluators=[evaluator],
)
run = run_of("greetings/flow")
assert run["num_logs"] == 2 and run["evaluator_stats"][0]["num_true"] == 2, run
