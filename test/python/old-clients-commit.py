# with: humanloop-0.8.6 humanloop-0.8.23
"""Python SDK 0.8.6 to 0.8.23: versions are committed with a message."""

import os

from humanloop import Humanloop

client = Humanloop(base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"])

external = {
    "evaluator_type": "external",
    "arguments_type": "target_free",
    "return_type": "boolean",
}
definitions = {
    "prompts": lambda n: {"model": "mock", "provider": "mock", "template": f"Say {n}."},
    "tools": lambda n: {"function": {"name": "look_up", "description": f"Number {n}."}},
    "datasets": lambda n: {"datapoints": [{"inputs": {"n": str(n)}}]},
    "evaluators": lambda n: {"spec": {**external, "attributes": {"n": n}}},
    "flows": lambda n: {"attributes": {"n": n}},
}

for collection, definition in definitions.items():
    resource = getattr(client, collection)
    path = f"python/committed {collection}"
    one = resource.upsert(path=path, commit_message="The first.", **definition(1))
    assert (one.status, one.commit_message) == ("committed", "The first."), one
    two = resource.upsert(path=path, **definition(2))
    assert two.version_id != one.version_id, two
    committed = resource.commit(one.id, two.version_id, commit_message="The second.")
    assert committed.version_id == two.version_id, committed
    assert (committed.status, committed.commit_message) == ("committed", "The second.")
    versions = resource.list_versions(one.id, status="committed").records
    assert [version.commit_message for version in versions] == ["The second.", "The first."]
    assert resource.list_versions(one.id, status="uncommitted").records == []
